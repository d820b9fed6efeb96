import type { ProviderState, ProviderStates } from "@threadbox/contracts/agents-api";
import { HostHealth, sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { Context, Effect, Layer, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { Outbound } from "../../platform/outbound.ts";

/** Where sandboxes can be had now; each answer counts for ten seconds. */
export class ProviderProbe extends Context.Service<ProviderProbe, Effect.Effect<ProviderStates>>()(
  "threadbox/worker/sandbox/ProviderProbe",
) {}

const countsFor = "10 seconds";
const answerTimeout = "3 seconds";
const healthBytesMax = 4_096;

/** In the words in which callers look them up. */
const notConfigured = {
  docker: "Docker sandboxes not configured",
  cloudflare: "Cloudflare sandboxes not configured",
  local: "Local sandboxes not configured",
} as const;

const without = (reason: string): ProviderState => ({ available: false, reason });
const none: ProviderStates = {
  docker: without(notConfigured.docker),
  cloudflare: without(notConfigured.cloudflare),
  local: without(notConfigured.local),
};

const decodeHealth = Schema.decodeUnknownEffect(Schema.fromJsonString(HostHealth));

const askHost = (hostUrl: string, outbound: typeof fetch) =>
  Effect.tryPromise(async (signal) => {
    const response = await outbound(`${hostUrl}${sandboxHostApi.prefix}/health`, { redirect: "manual", signal });
    return new TextDecoder().decode((await readBytes(response, healthBytesMax)) ?? new Uint8Array());
  }).pipe(
    Effect.flatMap(decodeHealth),
    Effect.timeout(answerTimeout),
    Effect.map(({ engine, reason }): ProviderStates => {
      if (engine === "none") return { ...none, local: without(reason ?? "The machine runs no sandboxes") };
      return { ...none, [engine]: { available: true } };
    }),
    Effect.catch(() => Effect.succeed<ProviderStates>({ ...none, local: without("The sandbox host does not answer") })),
  );

export const providerProbeLayer: Layer.Layer<ProviderProbe, never, WorkerConfig | Outbound> = Layer.effect(
  ProviderProbe,
  Effect.gen(function* () {
    const { sandboxes } = yield* WorkerConfig;
    const outbound = yield* Outbound;
    if (sandboxes.provider === "cloudflare") return Effect.succeed({ ...none, cloudflare: { available: true } });
    return yield* Effect.cachedWithTTL(askHost(sandboxes.hostUrl, outbound), countsFor);
  }),
);
