import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import { Outbound } from "../../platform/outbound.ts";
import { absentProvider } from "./absent-provider.ts";
import { makeCloudflareProvider } from "./cloudflare-provider.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { type SandboxProviderShape, SandboxProviders } from "./provider.ts";
import { notConfigured } from "./provider-states.ts";
import { cloudflareSandboxRef } from "./refs.ts";

/** The providers that the configuration names. */
export const sandboxProvidersLayer = (env: Env): Layer.Layer<SandboxProviders, never, WorkerConfig | Outbound> =>
  Layer.effect(
    SandboxProviders,
    Effect.gen(function* () {
      const { sandboxes } = yield* WorkerConfig;
      const outbound = yield* Outbound;
      const { host, cloudflare } = sandboxes;
      const hosted = (id: "local" | "docker"): SandboxProviderShape =>
        host === null ? absentProvider(id, notConfigured[id]) : makeLocalProvider(host, outbound, id);
      const all: Readonly<Record<SandboxProviderId, SandboxProviderShape>> = {
        local: hosted("local"),
        docker: hosted("docker"),
        // One that was configured once still has its sandboxes to end.
        cloudflare: makeCloudflareProvider((name) => cloudflareSandboxRef(env, name), {
          hasBackups: "BACKUP_BUCKET" in env,
        }),
      };
      return {
        of: (id) => all[id],
        former: cloudflare.enabled && host === null ? "cloudflare" : "local",
        // What leaves Cloudflare's containers is decided request by request.
        reconsiderEgress: host === null ? () => Effect.void : all.local.reconsiderEgress,
      };
    }),
  );
