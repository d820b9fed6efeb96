import type { SandboxState } from "../sandbox/index.ts";

/** Which start of the sandbox runs; undefined while none does. */
export const runningStart = (sandbox: Pick<SandboxState, "status" | "generation"> | null): number | undefined =>
  sandbox?.status === "ready" || sandbox?.status === "busy" ? sandbox.generation : undefined;
