import type { TurnError } from "@threadbox/contracts/turn";
import { type ModelRefusalKind, type ReadModelRefusal, readModelRefusal } from "./model-refusal.ts";
import { shownMessages } from "./transcript.ts";
import { isAborted, isPictureFault, repeatedRefusalError, turnError, turnErrorOf } from "./turn-error.ts";
import type { TurnLog } from "./turn-log.ts";
import type { OpenCodeSessionStatus } from "./wire.ts";

/** OpenCode repeats refused model calls without an end; past this many, or this long, the turn has failed. */
const attemptsMax = 6;
/** A connection that breaks in mid-answer is given one more chance. */
const brokenAttemptsMax = 2;
const retryingMsMax = 60_000;
/** With the stream of events lost for this long the sandbox counts as not answering: a minute after its last sign. */
const unreachableMsMax = 35_000;
/** Without news of the session for this long its state is asked for: the end of the turn may have been missed. */
const quietMsMax = 10_000;
/** Without news for this long nobody is at work any more, whatever OpenCode believes. A command may run that long. */
const silentMsMax = 15 * 60_000;
/** Tools of OpenCode's that read and write files have no limit of their own, and wait for some special files for ever. */
const fileTools: ReadonlySet<string> = new Set(["read", "write", "edit", "apply_patch", "grep", "glob", "list"]);
const fileToolMsMax = 60_000;
/** OpenCode calls the model again after an answer that neither ends nor calls a tool; this many in a row lead nowhere. */
const idleStepsMax = 3;
/** Model calls in one turn; a person decides whether it goes on. */
const stepsMax = 200;
/** How long an interrupted turn may take to end by itself. */
const stoppingMsMax = 3_000;
/** After its session went idle, how long a turn may still be completed by news on the way. */
const endingMsMax = 2_000;

export interface Watch {
  /** Since when the stream of events is not open; null while it is. */
  readonly lostSince: number | null;
  /** Since when the turn is being interrupted, by a person or because of `verdict`. */
  readonly stopSince: number | null;
  /** Since when the session is idle after the prompt. */
  readonly idleSince: number | null;
  readonly retry:
    | (ReadModelRefusal & { readonly since: number; readonly attempt: number; readonly nextAt: number })
    | null;
  readonly newsAt: number;
  readonly verdict: TurnError | null;
}

export const beginWatch = (now: number): Watch => ({
  lostSince: now,
  stopSince: null,
  idleSince: null,
  retry: null,
  newsAt: now,
  verdict: null,
});

/** The session's state, as an event or as an answer. */
export const withStatus = (watch: Watch, status: OpenCodeSessionStatus, now: number): Watch => {
  if (status.type === "idle") return { ...watch, idleSince: watch.idleSince ?? now };
  if (status.type === "busy") return { ...watch, idleSince: null };
  const { attempt, message, next } = status;
  const retry = { ...readModelRefusal(message), since: watch.retry?.since ?? now, attempt, nextAt: next };
  return { ...watch, idleSince: null, retry };
};

/** The model has written something: whatever it refused before is over. */
export const withProgress = (watch: Watch): Watch => (watch.retry === null ? watch : { ...watch, retry: null });

/** What a repetition does not help against, whatever OpenCode makes of the words. */
const hopeless: ReadonlySet<ModelRefusalKind> = new Set(["credit", "key", "unusable"]);

const isStorm = ({ since, attempt, nextAt, refusal }: NonNullable<Watch["retry"]>, now: number): boolean =>
  (refusal !== null && hopeless.has(refusal.kind)) ||
  attempt >= (refusal?.kind === "broken" ? brokenAttemptsMax : attemptsMax) ||
  now - since >= retryingMsMax ||
  nextAt - now > retryingMsMax;

export type Move =
  /** Interrupt OpenCode; the turn has failed. */
  | { readonly kind: "fail"; readonly error: TurnError }
  /** OpenCode cannot be reached: end with what is known. */
  | { readonly kind: "give up"; readonly error: TurnError }
  /** Ask OpenCode for the session's state. */
  | { readonly kind: "ask" }
  /** Read the session's messages: the turn seems to have ended. */
  | { readonly kind: "read" }
  | { readonly kind: "end" }
  | { readonly kind: "wait" };

/** The last answer is completed a moment after an interrupted session goes idle; without any there is none to wait for. */
const isComplete = (log: TurnLog): boolean => log.messages.at(-1)?.isComplete ?? log.fault !== null;

const wandering = turnError("UpstreamError", "Stopped: the model kept looping.");
const longTurn = turnError("AnswerIncomplete", `Stopped: this turn made ${stepsMax} model calls without finishing.`);

/** Why OpenCode must not call the model again, though it will. */
const excessOf = ({ messages }: TurnLog): TurnError | null => {
  const steps = messages.filter(({ isComplete, isSummary }) => isComplete && !isSummary);
  if (steps.length >= stepsMax) return longTurn;
  const last = steps.findLastIndex(({ parts }) => parts.some(({ kind }) => kind === "tool"));
  return steps.length - 1 - last >= idleStepsMax ? wandering : null;
};

/** A file tool for which alone the turn waits; null where something else is at work too. */
const waitsForFileTool = ({ messages }: TurnLog): string | null => {
  const parts = messages.at(-1)?.parts ?? [];
  const open = parts.flatMap((part) =>
    part.kind === "tool" && (part.state.status === "pending" || part.state.status === "running") ? [part] : [],
  );
  const isStuck = open.every(({ tool, state }) => fileTools.has(tool) && state.status === "running");
  return isStuck ? (open[0]?.tool ?? null) : null;
};

const stuckTool = (tool: string): TurnError =>
  turnError("AnswerIncomplete", `The tool ${tool} made no progress for a minute, so the turn was stopped.`);

/** What to do next in a turn of which nothing new is heard. */
export const nextMove = (watch: Watch, log: TurnLog, now: number): Move => {
  if (watch.idleSince !== null) {
    const isLate = now - watch.idleSince >= endingMsMax;
    return isComplete(log) || isLate ? { kind: "end" } : { kind: "read" };
  }
  if (log.promptedAt === null && log.fault !== null && isPictureFault(log.fault)) return { kind: "end" };
  if (watch.stopSince !== null) return { kind: now - watch.stopSince >= stoppingMsMax ? "end" : "wait" };
  if (watch.lostSince !== null && now - watch.lostSince >= unreachableMsMax) {
    return { kind: "give up", error: turnError("SandboxUnavailable", "Can't reach the sandbox. Restart it.") };
  }
  if (watch.retry !== null && isStorm(watch.retry, now)) {
    return { kind: "fail", error: repeatedRefusalError(watch.retry) };
  }
  const excess = excessOf(log);
  if (excess !== null) return { kind: "fail", error: excess };
  const fileTool = now - watch.newsAt >= fileToolMsMax ? waitsForFileTool(log) : null;
  if (fileTool !== null) return { kind: "fail", error: stuckTool(fileTool) };
  if (now - watch.newsAt >= silentMsMax) {
    return {
      kind: "fail",
      error: turnError("UpstreamTimeout", "The model hasn't responded for 15 minutes."),
    };
  }
  return { kind: watch.lostSince === null && now - watch.newsAt >= quietMsMax ? "ask" : "wait" };
};

export interface Verdict {
  readonly state: "settled" | "failed" | "interrupted";
  readonly error?: TurnError;
}

const brokeOff = turnError("SandboxInterrupted", "The answer stopped partway.");
const nothingSaid = turnError("UpstreamError", "The model returned an empty answer.");
const tooLong = turnError("AnswerIncomplete", "The answer reached the model's length limit.");

const isBlank = (log: TurnLog): boolean =>
  !shownMessages(log).some(({ parts }) =>
    parts.some((part) => part.kind === "tool" || (part.kind === "text" && part.text.trim() !== "")),
  );

/** How the turn ended. */
export const verdictOf = (watch: Watch, log: TurnLog): Verdict => {
  if (watch.verdict !== null) return { state: "failed", error: watch.verdict };
  const last = log.messages.at(-1);
  const fault = last?.fault ?? log.fault;
  if (fault !== null && !isAborted(fault)) return { state: "failed", error: turnErrorOf(fault) };
  if (isAborted(fault)) return { state: "interrupted" };
  if (last?.isComplete && last.finish === null && watch.stopSince !== null) return { state: "interrupted" };
  if (last?.isComplete) {
    if (last.finish === "length") return { state: "failed", error: tooLong };
    return isBlank(log) ? { state: "failed", error: nothingSaid } : { state: "settled" };
  }
  return watch.stopSince === null ? { state: "failed", error: brokeOff } : { state: "interrupted" };
};
