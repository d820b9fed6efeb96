import type { SecretProbe } from "@threadbox/contracts/secrets";
import { Effect, Layer, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { Outbound, SandboxOutbound } from "../../platform/outbound.ts";
import { SecretProbes } from "../secrets/index.ts";
import { replaceHandles } from "./replace-handles.ts";

const probeSeconds = 8;

/** Stands where the value goes, as a program's handle would. */
const place = `tbh_${"p".repeat(43)}`;

/** The request as a program would send it. */
const asProgram = ({ url, placement, placedIn }: SecretProbe): { readonly url: string; readonly headers: Headers } => {
  const headers = new Headers();
  if (placement === "query") {
    const asked = new URL(url);
    asked.searchParams.set(placedIn, place);
    return { url: asked.href, headers };
  }
  if (placement === "header") headers.set(placedIn, place);
  else
    headers.set("authorization", placement === "bearer" ? `Bearer ${place}` : `Basic ${btoa(`${placedIn}:${place}`)}`);
  return { url, headers };
};

/**
 * Sends one request with the value in its place, by the way that requests with it take, and looks at the status alone.
 * A redirect is an answer like any other, and is not followed.
 */
const runProbe = Effect.fn("runProbe")(function* (probe: SecretProbe, value: Redacted.Redacted<string>) {
  const { host } = new URL(probe.url);
  const { namedHosts } = yield* WorkerConfig;
  const fetcher = yield* namedHosts.all.includes(host) ? Outbound : SandboxOutbound;
  const { url, headers } = replaceHandles(asProgram(probe), new Map([[place, Redacted.value(value)]]));
  const ask = Effect.tryPromise((signal) =>
    fetcher(url, { method: probe.method, headers, redirect: "manual", signal }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }),
  );
  return yield* ask.pipe(
    Effect.map((status) => {
      const isGood = status === probe.expectedStatus;
      const words = isGood
        ? `${host} answered ${status}, as it should.`
        : `${host} answered ${status} in place of ${probe.expectedStatus}.`;
      return { isGood, words };
    }),
    Effect.catch(() => Effect.succeed({ isGood: false, words: `Couldn't reach ${host}.` })),
    Effect.timeoutOrElse({
      duration: `${probeSeconds} seconds`,
      orElse: () => Effect.succeed({ isGood: false, words: `${host} didn't answer within ${probeSeconds} seconds.` }),
    }),
  );
});

/** Checks new values of secrets at their hosts. */
export const secretProbesLayer: Layer.Layer<SecretProbes, never, Outbound | SandboxOutbound | WorkerConfig> =
  Layer.effect(
    SecretProbes,
    Effect.map(Effect.context<Outbound | SandboxOutbound | WorkerConfig>(), (services) => ({
      run: (probe: SecretProbe, value: Redacted.Redacted<string>) => Effect.provide(runProbe(probe, value), services),
    })),
  );
