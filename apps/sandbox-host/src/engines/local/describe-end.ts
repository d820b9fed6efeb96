import type { SandboxEnd } from "../engine.ts";
import type { OpenCodeEnd } from "./supervisor-channel.ts";

export interface EndEvidence {
  /** Set when the host itself ended the sandbox. */
  readonly stopReason: string | undefined;
  /** Processes that the kernel killed for want of memory during this start. */
  readonly oomKills: number;
  readonly openCode: OpenCodeEnd | undefined;
  readonly memoryMib: number;
}

/** Why a sandbox ended, in one sentence for people. */
export const describeEnd = ({ stopReason, oomKills, openCode, memoryMib }: EndEvidence): SandboxEnd => {
  if (stopReason !== undefined) return { status: "stopped", reason: stopReason };
  const wasKilled = openCode === undefined || openCode.signal === "SIGKILL" || openCode.code === 137;
  if (oomKills > 0 && wasKilled) {
    return { status: "failed", reason: `The sandbox ran out of memory (${memoryMib} MB).` };
  }
  if (openCode === undefined) return { status: "failed", reason: "The sandbox stopped unexpectedly." };
  const how = openCode.signal === null ? `exit code ${openCode.code}` : `signal ${openCode.signal}`;
  return { status: "failed", reason: `OpenCode stopped unexpectedly (${how}).` };
};
