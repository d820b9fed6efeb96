import type { SandboxProviderId, SandboxStatus } from "@threadbox/contracts/sandbox";

/** A sandbox as Convex shows it to the thread's owner. */
export interface SandboxState {
  readonly status: SandboxStatus;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly generation: number;
  readonly provider: SandboxProviderId;
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
  /** How long it has been going on is worth telling. */
  readonly isTimed: boolean;
  /** The server's own sentence says more than the label. */
  readonly hasReason: boolean;
  readonly canRestart: boolean;
}

const none: SandboxView = {
  label: "No sandbox yet",
  tone: "neutral",
  isActive: false,
  meaning: "It starts when the first message needs it.",
  isTimed: false,
  hasReason: false,
  canRestart: false,
};

const unknown = { tone: "neutral", isActive: false, isTimed: false, hasReason: false, canRestart: false } as const;

/** How the page speaks of a sandbox that it cannot see. */
export const unreachedView = (reach: Exclude<SandboxReach, "reached">): SandboxView =>
  reach === "offline"
    ? { ...unknown, label: "Offline", meaning: "You are offline, so its state is not known. What runs in it goes on." }
    : { ...unknown, label: "Unknown", meaning: "Its state is not known until the connection is back." };

/** Null means that the thread never needed one. */
export const sandboxView = (sandbox: Pick<SandboxState, "status"> | null): SandboxView => {
  switch (sandbox?.status) {
    case undefined:
    case "none":
      return none;
    case "starting":
      return {
        label: "Starting",
        tone: "accent",
        isActive: true,
        meaning: "Usually 5–10 seconds.",
        isTimed: true,
        hasReason: true,
        canRestart: false,
      };
    case "ready":
      return {
        label: "Ready",
        tone: "good",
        isActive: false,
        meaning: "It waits for work. Its files are kept.",
        isTimed: false,
        hasReason: false,
        canRestart: true,
      };
    case "busy":
      return {
        label: "Working",
        tone: "accent",
        isActive: true,
        meaning: "A turn runs in it.",
        isTimed: true,
        hasReason: false,
        canRestart: true,
      };
    case "asleep":
      return {
        label: "Asleep",
        tone: "neutral",
        isActive: false,
        meaning: "It wakes with the next message. Its files are kept.",
        isTimed: false,
        hasReason: true,
        canRestart: false,
      };
    case "failed":
      return {
        label: "Failed",
        tone: "bad",
        isActive: false,
        meaning: "Your messages are safe, and so are the files that were saved.",
        isTimed: false,
        hasReason: true,
        canRestart: true,
      };
    case "destroyed":
      return {
        label: "Removed",
        tone: "neutral",
        isActive: false,
        meaning: "The next message starts a new one, with an empty workspace.",
        isTimed: false,
        hasReason: true,
        canRestart: false,
      };
  }
};

/**
 * From when on the chip counts, in milliseconds since 1970. While a turn runs that is the turn's own start, which the
 * transcript counts from too; a sandbox that starts without a turn counts from its own.
 */
export const clockStart = (
  sandbox: Pick<SandboxState, "status" | "since"> | null,
  turnStartedAt: number | null,
): number | null => {
  if (sandbox === null || !sandboxView(sandbox).isTimed) return null;
  return turnStartedAt ?? (sandbox.status === "starting" ? sandbox.since : null);
};

/** The worker's own sentence for a start that goes its way; any other one says what the start waits for. */
const plainStart = /^Starting the sandbox\b/;

/** What a turn that waits for the start of its sandbox waits for, in a sentence. */
export const startSentence = (sandbox: Pick<SandboxState, "status" | "reason"> | null): string =>
  sandbox?.status === "starting" && sandbox.reason !== "" && !plainStart.test(sandbox.reason)
    ? sandbox.reason
    : "Starting your sandbox — usually 5–10 seconds.";
