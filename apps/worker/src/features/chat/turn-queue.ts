import type { MessageId, TurnId } from "@threadbox/contracts/ids";
import { Deferred, Effect } from "effect";
import { log, logDefect } from "../../platform/log.ts";
import type { PendingNews } from "../codemode/index.ts";
import { type TranscriptPart, type TurnOutcome, turnError, type Verdict } from "../opencode/index.ts";
import type { TurnNow } from "../secrets/index.ts";
import { chunkStream } from "./chunk-stream.ts";
import type { Audience } from "./clients.ts";
import { fitParts } from "./fit.ts";
import { heardIn } from "./heard-before.ts";
import type { ThreadFacts } from "./intake.ts";
import { verdictOfWait } from "./login-wait.ts";
import type { HeardBefore } from "./run-thread-turn.ts";
import type { ChatStore } from "./store.ts";
import { tellTurn } from "./tell-turn.ts";
import { ThreadTranscript } from "./thread-transcript.ts";
import { TurnIntake } from "./turn-intake.ts";
import type { TurnQueueHost } from "./turn-queue-host.ts";
import { metadataOf, type TurnRecord } from "./turn-record.ts";
import { TurnShowing } from "./turn-showing.ts";

interface Current {
  readonly turn: TurnRecord;
  readonly stop: Deferred.Deferred<void>;
  readonly heard: HeardBefore | null;
  streamId: string | null;
}

/** Whether what is queued waits for somebody to resume it. */
const pausedFact = "is_paused";
/** A turn that loses its agent this often is given up. */
const resumesMax = 8;

/**
 * The turns of one thread, one at a time and in order. A turn ends once, however it does, and what it had written stays: one that
 * loses its agent is taken up again, one whose login has ended waits for it, and one that is stopped holds back what is queued.
 */
export class TurnQueue {
  readonly #store: ChatStore;
  readonly #host: TurnQueueHost;
  readonly transcript: ThreadTranscript;
  readonly intake: TurnIntake;
  readonly showing: TurnShowing;
  #current: Current | null = null;
  #isPumping = false;
  /** The thread's files and its end are being changed. */
  #isAlone = false;
  /** Something may have come of a login since it was last asked about. */
  #isLoginNews = false;
  /** The turn that is to be interrupted; it may not have been taken up again yet. */
  #stopping: TurnId | null = null;

  constructor(store: ChatStore, host: TurnQueueHost) {
    this.#store = store;
    this.#host = host;
    this.transcript = new ThreadTranscript(store, host);
    this.showing = new TurnShowing(store, host, () => this.#isPaused());
    this.intake = new TurnIntake(store, host, {
      facts: () => this.#facts(),
      enqueue: (turn, told) => this.#enqueue(turn, told),
      pump: () => void this.pump(),
    });
  }

  /** The message that is being answered, and what runs in it. */
  get now(): TurnNow | null {
    const turn = this.#current?.turn;
    return turn === undefined ? null : { messageId: turn.answerId, calls: this.#store.told.calls.list() };
  }

  #enqueue(turn: TurnRecord, told: Audience): void {
    this.#store.enqueue(turn);
    if (this.#isPumping) this.#host.clients.tellTranscript(told);
    this.showing.publish();
  }

  #facts(): ThreadFacts {
    const queued = this.#store.queued();
    return {
      isBusy: this.#isAlone || this.#current !== null || this.isWaiting() || queued.length > 0,
      queuedIds: queued.map(({ userMessageId }) => userMessageId),
      findAsked: (id) => {
        const waiting = queued.find(({ userMessageId }) => userMessageId === id);
        if (waiting === undefined) return this.transcript.findAsked(id);
        return { text: waiting.text, attachments: waiting.attachments ?? [] };
      },
      has: (id) => this.#store.places.has(id),
    };
  }

  /** Interrupts the running turn; the partial answer stays, and what is queued waits until somebody resumes it. */
  stop(): void {
    this.#stopping = this.#store.running()?.turnId ?? null;
    if (this.#stopping !== null && this.#store.queued().length > 0) this.#store.setFact(pausedFact, "yes");
    this.#interrupt();
    if (this.isWaiting()) this.lookAtLogin();
  }

  /** The same from OpenCode's own page; false where nothing of the thread runs in that session. */
  stopIn(id: string): boolean {
    const { sessionId, askedIn } = this.#store.running() ?? {};
    const isOurs = sessionId === id || askedIn === id;
    if (isOurs) this.stop();
    return isOurs;
  }

  #interrupt(): void {
    if (this.#current === null || this.#stopping !== this.#current.turn.turnId) return;
    this.showing.programs.stop();
    this.showing.show({ step: "stopping", retry: null });
    Deferred.doneUnsafe(this.#current.stop, Effect.void);
  }

  /** A client gives up a stream. */
  cancel(streamId: string): void {
    if (this.#current?.streamId === streamId) this.stop();
  }

  unqueue(messageId: MessageId): void {
    if (this.#store.unqueue(messageId) === null) return;
    if (this.#store.queued().length === 0) this.#store.setFact(pausedFact, "");
    this.#host.clients.tellTranscript("all");
    this.showing.publish();
  }

  /** Lets a message that waits change places with the one before it. */
  advance(messageId: MessageId): void {
    if (!this.#store.advance(messageId)) return;
    this.#host.clients.tellTranscript("all");
    this.showing.publish();
  }

  /** Goes on with what is queued after a stop. */
  resume(): void {
    this.#store.setFact(pausedFact, "");
    this.showing.publish();
    void this.pump();
  }

  /** Takes everything that waits back. */
  clear(): void {
    for (const { userMessageId } of this.#store.queued()) this.unqueue(userMessageId);
  }

  /** Shows another branch to everybody; false while a turn runs or waits on this one. */
  select(messageId: MessageId): boolean {
    if (this.#facts().isBusy || !this.#store.select(messageId)) return false;
    this.#tellEverybody();
    return true;
  }

  /**
   * Runs `work` while no turn does; what is sent meanwhile waits. Null where something runs, or waits already: unless it is
   * `again`, as what waits then was sent meanwhile.
   */
  async alone<A>(work: () => Promise<A>, { again = false } = {}): Promise<A | null> {
    if (this.#isPumping || (this.#facts().isBusy && !again)) return null;
    this.#isPumping = true;
    this.#isAlone = true;
    try {
      return await work();
    } finally {
      this.#isPumping = false;
      this.#isAlone = false;
      this.#tellEverybody();
      void this.pump();
    }
  }

  #tellEverybody(): void {
    this.showing.publish();
    this.#host.clients.tellTranscript("all");
    this.#host.stirred();
  }

  #isPaused(): boolean {
    return this.#store.fact(pausedFact) === "yes" && this.#store.queued().length > 0;
  }

  isBusy(): boolean {
    return this.#isPumping || (this.#next() !== null && !this.isWaiting());
  }

  /** The running turn waits for the thread's login: there is nothing to do for it. */
  isWaiting(): boolean {
    return this.#store.running()?.loginSince !== undefined;
  }

  /** Whatever a turn that waits for the thread's login waits for may have come. */
  lookAtLogin(): void {
    this.#isLoginNews = true;
    void this.pump();
  }

  /** What programs of the thread ask a person. */
  hearApprovals(news: PendingNews): void {
    if (!this.#store.hearApprovals(news, this.#host.now())) return;
    this.showing.publish();
    this.#host.stirred();
  }

  /** Works until nothing is left to do: first what an earlier agent has left behind, then what waits. */
  async pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      await this.transcript.land();
      for (let turn = await this.#ready(); turn !== null; turn = await this.#ready()) await this.#take(turn);
    } catch (cause) {
      logDefect("chat.turn.crashed", cause, { threadId: this.#host.threadId() });
    } finally {
      this.#isPumping = false;
      this.#host.stirred();
    }
  }

  #next(): TurnRecord | null {
    return this.#store.running() ?? (this.#isPaused() ? null : (this.#store.queued()[0] ?? null));
  }

  /** What can be worked on now; null: nothing, or what waits for a login. */
  async #ready(): Promise<TurnRecord | null> {
    for (;;) {
      const turn = this.#next();
      if (turn?.loginSince === undefined) return turn;
      this.#isLoginNews = false;
      const isStopped = this.#stopping === turn.turnId;
      const verdict = verdictOfWait({ isStopped, since: turn.loginSince, now: this.#host.now() });
      if (verdict !== null) await this.#endWaiting(turn, verdict);
      else if (await this.#host.isSignedOut()) {
        if (!this.#isLoginNews) return null;
      } else return this.#store.goOn(turn, await this.#host.model(), this.#host.now());
    }
  }

  /** A turn ends that nothing runs of; what it had written stays. */
  async #endWaiting({ turnId }: TurnRecord, verdict: Verdict): Promise<void> {
    const { parts } = await heardIn(this.#store.told.read(turnId));
    this.#settle(turnId, { ...verdict, parts });
    await this.transcript.land();
    this.#tellEverybody();
  }

  async #take(next: TurnRecord): Promise<void> {
    const isResumed = next.state === "running";
    const heard = isResumed ? await heardIn(this.#store.told.read(next.turnId)) : null;
    const turn = isResumed
      ? this.#store.write({ ...next, resumes: next.resumes + 1 })
      : this.#store.start(next, await this.#host.model(), this.#host.now());
    this.#current = { turn, stop: Deferred.makeUnsafe(), heard, streamId: null };
    this.showing.begin();
    if (this.#stopping === turn.turnId) this.#interrupt();
    this.#host.stirred();
    try {
      await this.#stream(turn);
    } finally {
      // A stream that never came about must not leave its turn running.
      const error = turnError("Internal", "Something went wrong on our side.");
      if (!this.isWaiting()) this.#settle(turn.turnId, { state: "failed", error, parts: heard?.parts ?? [] });
      await this.transcript.land();
      // Whoever heard the turn before its agent was lost still waits for that stream to end.
      for (const streamId of turn.streamedAs) this.#host.clients.end(streamId);
      this.#current = null;
      this.#tellEverybody();
    }
  }

  async #stream(turn: TurnRecord): Promise<void> {
    await this.#host.stream({ id: turn.userMessageId, role: "user", parts: [...this.#store.userParts(turn)] });
  }

  /** The answer to the turn that is being streamed, as the SDK wants it: server-sent chunks. */
  answer(streamId: string): Response | null {
    const current = this.#current;
    if (current === null) return null;
    const { stop, heard } = current;
    current.streamId = streamId;
    const turn = this.#store.write({ ...current.turn, streamedAs: [...current.turn.streamedAs, streamId] });
    const { told } = this.#store;
    this.#host.clients.tellTranscript("all");
    return chunkStream(async (tell) => {
      tell([{ type: "start", messageId: turn.answerId, messageMetadata: metadataOf(turn) }]);
      const outcome =
        turn.resumes - (turn.loginWaits ?? 0) > resumesMax
          ? tooOften(heard?.parts ?? [])
          : await this.#host.run(
              tellTurn({
                threadId: this.#host.threadId(),
                turn,
                store: this.#store,
                stop: Deferred.await(stop),
                tell,
                show: (step, retry) => this.showing.show({ step, retry: retry ?? null }),
                heard,
                takeReady: this.#host.takeReady,
                recap: () => this.transcript.recap(turn),
              }),
            );
      if (outcome.state === "waits") {
        told.keep(turn.turnId, turn.resumes);
        this.#store.awaitLogin(turn.turnId, this.#host.now());
      }
      const settled = outcome.state === "waits" ? null : this.#settle(turn.turnId, outcome);
      tell([{ type: "message-metadata", messageMetadata: metadataOf(settled ?? turn) }, { type: "finish" }]);
    });
  }

  #settle(turnId: string, { parts, ...verdict }: TurnOutcome): TurnRecord | null {
    const wasRunning = this.#store.find(turnId)?.state === "running";
    const shown: readonly TranscriptPart[] = parts.length > 0 ? parts : [{ type: "step-start" }];
    const turn = this.#store.settle(turnId, { ...verdict, parts: fitParts(shown) }, this.#host.now());
    // OpenCode ends a turn without a word to the tools that it waits for.
    if (wasRunning && verdict.state !== "settled") this.#host.withdraw(this.#store.pendingApprovals());
    if (turn !== null && wasRunning) {
      const { state, error, resumes, startedAt, endedAt } = turn;
      const durationMs = (endedAt ?? 0) - (startedAt ?? 0);
      log("chat.turn.ended", { threadId: this.#host.threadId(), turnId, state, tag: error?._tag, resumes, durationMs });
    }
    return turn;
  }
}

const tooOften = (parts: readonly TranscriptPart[]): TurnOutcome => ({
  state: "failed",
  error: turnError("SandboxInterrupted", "The answer was interrupted too many times."),
  parts,
});
