import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";

/** What a client speaks to. Stays inside the worker: it holds OpenCode's password. */
export interface RunningSandbox {
  readonly name: SandboxName;
  readonly generation: Generation;
  readonly provider: SandboxProviderId;
  readonly password: string;
}
