import { Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import { makeCloudflareProvider } from "./cloudflare-provider.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { SandboxProvider } from "./provider.ts";
import { cloudflareSandboxRef } from "./refs.ts";

/** The provider that the configuration names. */
export const sandboxProviderLayer = (env: Env): Layer.Layer<SandboxProvider, never, WorkerConfig> =>
  Layer.effect(
    SandboxProvider,
    Effect.map(WorkerConfig, ({ sandboxes }) =>
      sandboxes.provider === "local"
        ? makeLocalProvider(sandboxes, fetch)
        : makeCloudflareProvider((name) => cloudflareSandboxRef(env, name), { hasBackups: "BACKUP_BUCKET" in env }),
    ),
  );
