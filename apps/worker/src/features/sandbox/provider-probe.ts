import type { ProviderState, ProviderStates } from "@threadbox/contracts/agents-api";
import { HostHealth, sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { Context, Effect, Layer, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { Outbound } from "../../platform/outbound.ts";
import type { SandboxHostConfig } from "../../sandboxes-config.ts";
import { cloudflareState, noProviders, without } from "./provider-states.ts";
import { hasCloudflareContainers } from "./refs.ts";

/** Where sandboxes can be had now; each answer counts for ten seconds. */
export class ProviderProbe extends Context.Service<ProviderProbe, Effect.Effect<ProviderStates>>()(
  "threadbox/worker/sandbox/ProviderProbe",
) {}

const countsFor = "10 seconds";
const answerTimeout = "5 seconds";
const healthBytesMax = 4_096;

type HostStates = Pick<ProviderStates, "local" | "docker">;

const decodeHealth = Schema.decodeUnknownEffect(Schema.fromJsonString(HostHealth));

const statesOf = ({ engine, reason, engines }: HostHealth): HostStates => {
  if (engines !== undefined) return engines;
  if (engine === "none") return { ...noProviders, local: without(reason ?? "The machine runs no sandboxes") };
  return { ...noProviders, [engine]: { available: true } };
};

const silent = without("The sandbox host does not answer");

const askHost = ({ hostUrl }: SandboxHostConfig, outbound: typeof fetch): Effect.Effect<HostStates> =>
  Effect.tryPromise(async (signal) => {
    const response = await outbound(`${hostUrl}${sandboxHostApi.prefix}/health`, { redirect: "manual", signal });
    return new TextDecoder().decode((await readBytes(response, healthBytesMax)) ?? new Uint8Array());
  }).pipe(
    Effect.flatMap(decodeHealth),
    Effect.timeout(answerTimeout),
    Effect.map(statesOf),
    Effect.catch(() => Effect.succeed({ local: silent, docker: silent })),
  );

/** `hasContainers`: whether this worker runs where Cloudflare has containers. */
export const makeProviderProbe = (
  hasContainers: () => Promise<boolean>,
): Layer.Layer<ProviderProbe, never, WorkerConfig | Outbound> =>
  Layer.effect(
    ProviderProbe,
    Effect.gen(function* () {
      const { sandboxes } = yield* WorkerConfig;
      const outbound = yield* Outbound;
      const { host, cloudflare } = sandboxes;
      const askCloudflare: Effect.Effect<ProviderState> = cloudflare.enabled
        ? Effect.tryPromise(hasContainers).pipe(
            Effect.timeout(answerTimeout),
            Effect.catch(() => Effect.succeed(false)),
            Effect.map((has) => cloudflareState(cloudflare, has)),
          )
        : Effect.succeed(cloudflareState(cloudflare, false));
      const look = Effect.all(
        {
          hosted: host === null ? Effect.succeed<HostStates>(noProviders) : askHost(host, outbound),
          cloudflare: askCloudflare,
        },
        { concurrency: "unbounded" },
      );
      return yield* Effect.cachedWithTTL(
        Effect.map(look, ({ hosted: { local, docker }, cloudflare }) => ({ local, docker, cloudflare })),
        countsFor,
      );
    }),
  );

export const providerProbeLayer = (env: Env) => makeProviderProbe(() => hasCloudflareContainers(env));
