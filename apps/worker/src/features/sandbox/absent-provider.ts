import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { SandboxUnavailableError } from "./errors.ts";
import type { SandboxProviderShape } from "./provider.ts";

/** Stands in for a provider that this installation doesn't have, or has no more. */
export const absentProvider = (id: SandboxProviderId, reason: string): SandboxProviderShape => {
  const refuse = () => Effect.fail(new SandboxUnavailableError({ reason: `${reason}.` }));
  return {
    id,
    capabilities: new Set(),
    egressBaseUrl,
    ensure: refuse,
    info: () => Effect.succeed(null),
    destroy: refuse,
    exec: refuse,
    trial: refuse,
    readFile: refuse,
    writeFile: refuse,
    deleteFile: refuse,
    moveFile: refuse,
    makeFolder: refuse,
    listFiles: refuse,
    fetchPort: refuse,
    connectPort: refuse,
    reconsiderEgress: () => Effect.void,
    tellSecret: refuse,
    snapshot: refuse,
    save: refuse,
    listPoints: refuse,
    comparePoint: refuse,
    restore: refuse,
    recycle: refuse,
  };
};
