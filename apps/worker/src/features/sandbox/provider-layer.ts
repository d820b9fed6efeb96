import { Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import { Outbound } from "../../platform/outbound.ts";
import { makeCloudflareProvider } from "./cloudflare-provider.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { SandboxProvider } from "./provider.ts";
import { cloudflareSandboxRef } from "./refs.ts";

/** The provider that the configuration names. */
export const sandboxProviderLayer = (env: Env): Layer.Layer<SandboxProvider, never, WorkerConfig | Outbound> =>
  Layer.effect(
    SandboxProvider,
    Effect.map(Effect.all([WorkerConfig, Outbound]), ([{ sandboxes }, outbound]) =>
      sandboxes.provider === "local"
        ? makeLocalProvider(sandboxes, outbound)
        : makeCloudflareProvider((name) => cloudflareSandboxRef(env, name), { hasBackups: "BACKUP_BUCKET" in env }),
    ),
  );
