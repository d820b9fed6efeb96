import type { Generation, SandboxName } from "@threadbox/contracts/ids";

/** What a client speaks to. Stays inside the worker: it holds OpenCode's password. */
export interface RunningSandbox {
  readonly name: SandboxName;
  readonly generation: Generation;
  readonly password: string;
}
