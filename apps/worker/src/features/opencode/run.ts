import type { ModelRetry, TurnStep } from "@threadbox/contracts/live";
import type { TurnError } from "@threadbox/contracts/turn";
import type { UIMessageChunk } from "ai";
import { sessionsMax, turnLengthMax, turnMsMax } from "./bounds.ts";
import type { Excess } from "./errors.ts";
import { nothingWaits, paced, type Waiting } from "./preliminary.ts";
import {
  beginTurn,
  endTurn,
  markGap,
  reduceEvent,
  resync,
  type Step,
  settledParts,
  type TurnState,
} from "./reducer.ts";
import { turnTokens } from "./tokens.ts";
import type { TranscriptPart } from "./transcript.ts";
import { quoted } from "./turn-error.ts";
import { crowdOf, excessOfLog } from "./turn-size.ts";
import { beginWatch, type Verdict, verdictOf, type Watch, withProgress, withStatus } from "./turn-watch.ts";
import type { OpenCodeEntry, OpenCodeEvent, OpenCodeSessionStatus } from "./wire.ts";

/** Where a turn's story goes. */
export interface TurnListener {
  /** Chunks of the assistant message, in order. */
  readonly tell: (chunks: readonly UIMessageChunk[]) => void;
  readonly show: (step: TurnStep, retry?: ModelRetry) => void;
}

export interface RunPlan {
  readonly sessionId: string;
  /** The user message's id in OpenCode. A session that holds it already is followed, not prompted again. */
  readonly promptId: string;
  /** True where OpenCode may have been given this prompt before. */
  readonly mayBePrompted: boolean;
  /** A turn that stands still in OpenCode because its login had ended is to be taken further. */
  readonly mayGoOn?: boolean;
  /** Text of parts, by id, that was told before the reader of this turn was lost. */
  readonly heard?: ReadonlyMap<string, string>;
  readonly listener: TurnListener;
}

export type TurnOutcome = Verdict & {
  readonly parts: readonly TranscriptPart[];
  /** Absent where nobody knows. */
  readonly tokens?: number;
};

/** So much may be heard before all that is known is measured again. */
const measureLength = 1024 * 1024;

/** One running turn: what is known, what was told, what is waited for. Makes no call itself. */
export class Run {
  watch: Watch;
  isPrompted = false;
  /** Whether the prompt may have reached OpenCode although nobody said so. */
  mayBePrompted: boolean;
  isOpen = false;
  #turn: TurnState;
  #waiting: Waiting = nothingWaits;
  /** Events that arrived while the session's messages were still to be read. */
  #kept: OpenCodeEvent[] = [];
  #keptLength = 0;
  /** What has been heard since all that is known was measured. */
  #heardLength = 0;
  readonly #startedAt: number;
  /** The turn's session and those of its sub-agents. */
  readonly #sessions: Set<string>;
  readonly #sessionId: string;
  readonly #listener: TurnListener;

  constructor(plan: RunPlan, now: number) {
    this.mayBePrompted = plan.mayBePrompted;
    this.watch = beginWatch(now);
    this.#startedAt = now;
    this.#turn = beginTurn(plan.promptId, plan.heard);
    this.#sessionId = plan.sessionId;
    this.#sessions = new Set([plan.sessionId]);
    this.#listener = plan.listener;
  }

  get log() {
    return this.#turn.log;
  }

  /** Whether events count as they come: the stream is open and nothing from before is missing. */
  get isInStep(): boolean {
    return this.watch.lostSince === null;
  }

  isOurs(event: OpenCodeEvent): boolean {
    return "sessionID" in event.properties && this.#sessions.has(event.properties.sessionID ?? "");
  }

  /** `length`: of the event as it was sent. */
  hear(event: OpenCodeEvent, length: number, now: number): void {
    this.#heardLength += length;
    if (this.isInStep) {
      this.#take(event, now);
      return;
    }
    this.#kept.push(event);
    this.#keptLength += length;
  }

  /** What this turn has too much of, if anything. */
  excess(now: number): Excess | null {
    if (now - this.#startedAt > turnMsMax) return "time";
    if (this.#keptLength > turnLengthMax) return "length";
    if (this.#sessions.size > sessionsMax) return "parts";
    if (this.#heardLength < measureLength) return crowdOf(this.log.messages);
    this.#heardLength = 0;
    return excessOfLog(this.log.messages);
  }

  #take(event: OpenCodeEvent, now: number): void {
    if (event.type === "session.created" && this.#sessions.has(event.properties.info.parentID ?? "")) {
      this.#sessions.add(event.properties.sessionID);
    }
    if (!this.isOurs(event)) return;
    this.watch = { ...this.watch, newsAt: now };
    if (!("sessionID" in event.properties) || event.properties.sessionID !== this.#sessionId) return;
    if (event.type === "session.status") this.#status(event.properties.status, now);
    else if (event.type === "session.idle") this.#status({ type: "idle" }, now);
    else this.#step(reduceEvent(this.#turn, event), now);
  }

  /** A session that is idle before it has seen the prompt is still idle from the turn before. */
  #status(status: OpenCodeSessionStatus, now: number): void {
    if (status.type === "idle" && this.log.promptedAt === null) return;
    this.watch = withStatus(this.watch, status, now);
    this.show();
  }

  #step([turn, chunks]: Step, now: number): void {
    this.#turn = turn;
    if (chunks.length > 0 && this.watch.retry !== null) {
      this.watch = withProgress(this.watch);
      this.show();
    }
    this.tell(chunks, now);
  }

  /** Tells these chunks, and those that were held back and are due. */
  tell(chunks: readonly UIMessageChunk[], now: number): void {
    const [waiting, out] = paced(this.#waiting, chunks, now);
    this.#waiting = waiting;
    if (out.length > 0) this.#listener.tell(out);
  }

  lose(now: number): void {
    this.isOpen = false;
    this.#turn = markGap(this.#turn);
    this.watch = { ...this.watch, lostSince: this.watch.lostSince ?? now };
    this.show();
  }

  /** The prompt has been taken by a session whose events have been heard all along. */
  prompted(now: number): void {
    this.isPrompted = true;
    this.#inStep(now);
  }

  /** It is not known whether OpenCode has taken the prompt; the stream of events goes on. */
  doubt(now: number): void {
    this.isPrompted = false;
    this.watch = { ...this.watch, lostSince: this.watch.lostSince ?? now };
  }

  /** Everything missed so far is in these messages. */
  catchUp(entries: readonly OpenCodeEntry[], status: OpenCodeSessionStatus, now: number): void {
    this.isPrompted = true;
    this.#heardLength = measureLength;
    this.#step(resync(this.#turn, entries), now);
    this.#inStep(now);
    this.#status(status, now);
  }

  #inStep(now: number): void {
    this.watch = { ...this.watch, lostSince: null, newsAt: now };
    const kept = this.#kept;
    this.#kept = [];
    this.#keptLength = 0;
    for (const event of kept) this.#take(event, now);
    this.show();
  }

  /** The session's messages, read although nothing is known to be missing. */
  reread(entries: readonly OpenCodeEntry[], now: number): void {
    this.#heardLength = measureLength;
    this.#step(resync(this.#turn, entries), now);
  }

  noteStatus(status: OpenCodeSessionStatus, now: number): void {
    this.#status(status, now);
  }

  stop(now: number): void {
    this.watch = { ...this.watch, stopSince: this.watch.stopSince ?? now };
    this.show();
  }

  fail(error: TurnError, now: number): void {
    this.watch = { ...this.watch, verdict: this.watch.verdict ?? error };
    this.stop(now);
  }

  show(): void {
    const { stopSince, lostSince, retry } = this.watch;
    if (stopSince !== null) this.#listener.show("stopping");
    else if (!this.isPrompted) this.#listener.show("preparing");
    else if (lostSince !== null) this.#listener.show("reconnecting");
    else if (retry === null) this.#listener.show("model");
    else {
      const { attempt, words, nextAt } = retry;
      this.#listener.show("retrying", { attempt, message: quoted(words), nextAt });
    }
  }

  end(now: number): TurnOutcome {
    this.#step(endTurn(this.#turn), now);
    return { ...verdictOf(this.watch, this.log), parts: settledParts(this.#turn), ...turnTokens(this.log) };
  }
}
