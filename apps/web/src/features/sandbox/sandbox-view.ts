import type { SandboxProviderId, SandboxStatus, SaveState } from "@threadbox/contracts/sandbox";
import { chipTexts, sandboxStates } from "./texts.ts";

/** A sandbox as Convex shows it to the thread's owner. */
export interface SandboxState {
  readonly status: SandboxStatus;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly generation: number;
  readonly provider: SandboxProviderId;
  /** It failed because what was saved can't be brought back. */
  readonly canStartEmpty?: boolean | undefined;
  /** Absent while nothing is known of its saves. */
  readonly saves?: SaveState | undefined;
}

/** Whether what the page knows of the sandbox is how it stands: without a connection it may be long past. */
export type SandboxReach = "reached" | "offline" | "lost";

export interface SandboxView {
  readonly label: string;
  readonly tone: "neutral" | "accent" | "good" | "warn" | "bad";
  /** Something goes on in it that is worth watching. */
  readonly isActive: boolean;
  /** What the state means for the person, in a sentence. */
  readonly meaning: string;
  /** The server's own sentence says more than the label. */
  readonly hasReason: boolean;
  readonly canRestart: boolean;
}

const none: SandboxView = {
  ...sandboxStates.none,
  tone: "neutral",
  isActive: false,
  hasReason: false,
  canRestart: false,
};

const unknown = { tone: "neutral", isActive: false, hasReason: false, canRestart: false } as const;

/** How the page speaks of a sandbox that it cannot see. */
export const unreachedView = (reach: Exclude<SandboxReach, "reached">): SandboxView => ({
  ...unknown,
  ...sandboxStates[reach],
});

/** Null means that the thread never needed one. */
export const sandboxView = (sandbox: Pick<SandboxState, "status"> | null): SandboxView => {
  switch (sandbox?.status) {
    case undefined:
    case "none":
      return none;
    case "starting":
      return {
        ...sandboxStates.starting,
        tone: "accent",
        isActive: true,
        hasReason: true,
        canRestart: false,
      };
    case "ready":
      return {
        ...sandboxStates.ready,
        tone: "good",
        isActive: false,
        hasReason: false,
        canRestart: true,
      };
    case "busy":
      return {
        ...sandboxStates.busy,
        tone: "accent",
        isActive: true,
        hasReason: false,
        canRestart: true,
      };
    case "napping":
      return {
        ...sandboxStates.napping,
        tone: "neutral",
        isActive: false,
        hasReason: true,
        canRestart: true,
      };
    case "asleep":
      return {
        ...sandboxStates.asleep,
        tone: "neutral",
        isActive: false,
        hasReason: true,
        canRestart: false,
      };
    case "failed":
      return {
        ...sandboxStates.failed,
        tone: "bad",
        isActive: false,
        hasReason: true,
        canRestart: true,
      };
    case "destroyed":
      return {
        ...sandboxStates.destroyed,
        tone: "neutral",
        isActive: false,
        hasReason: true,
        canRestart: false,
      };
  }
};

/**
 * From when on the chip counts, in milliseconds since 1970: only a sandbox that starts without a turn. While a turn
 * runs the transcript shows its clock, and one is enough.
 */
export const clockStart = (
  sandbox: Pick<SandboxState, "status" | "since"> | null,
  turnStartedAt: number | null,
): number | null => {
  if (sandbox?.status !== "starting" || turnStartedAt !== null) return null;
  return sandbox.since;
};

/** Whether programs run in it, or go on at once. */
export const isUp = (sandbox: Pick<SandboxState, "status"> | null | undefined): boolean =>
  sandbox?.status === "ready" || sandbox?.status === "busy" || sandbox?.status === "napping";

/** The worker's own sentence for a start that goes its way; any other one says what the start waits for. */
const plainStart = /^(Starting the sandbox|Waking the sandbox|Restarting)\b/;

/** What a turn that waits for the start of its sandbox waits for, in a sentence. */
export const startSentence = (sandbox: Pick<SandboxState, "status" | "reason"> | null): string =>
  sandbox?.status === "starting" && sandbox.reason !== "" && !plainStart.test(sandbox.reason)
    ? sandbox.reason
    : chipTexts.starting;
