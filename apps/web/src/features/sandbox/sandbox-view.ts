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

const quiet = { tone: "neutral", isActive: false, hasReason: false, canRestart: false } as const;

/** What is different from a state of which there is nothing to say. */
const looks: Readonly<Record<SandboxStatus, Partial<SandboxView>>> = {
  none: {},
  starting: { tone: "accent", isActive: true, hasReason: true },
  ready: { tone: "good", canRestart: true },
  busy: { tone: "accent", isActive: true, canRestart: true },
  napping: { hasReason: true, canRestart: true },
  asleep: { hasReason: true },
  failed: { tone: "bad", hasReason: true, canRestart: true },
  destroyed: { hasReason: true },
};

/** How the page speaks of a sandbox that it cannot see. */
export const unreachedView = (reach: Exclude<SandboxReach, "reached">): SandboxView => ({
  ...quiet,
  ...sandboxStates[reach],
});

/** Null means that the thread never needed one. */
export const sandboxView = (sandbox: Pick<SandboxState, "status"> | null): SandboxView => {
  const status = sandbox?.status ?? "none";
  return { ...quiet, ...looks[status], ...sandboxStates[status] };
};

/** A sentence of the worker's beside the state's own word, which it may begin with. */
export const besideLabel = (label: string, reason: string): string => {
  const start = `${label}: `;
  const rest = reason.startsWith(start) ? reason.slice(start.length) : reason;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
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
