import { isUp, type SandboxState } from "../sandbox/index.ts";

/** Which start of the sandbox runs; undefined while none does. */
export const runningStart = (sandbox: Pick<SandboxState, "status" | "generation"> | null): number | undefined =>
  isUp(sandbox) ? sandbox?.generation : undefined;
