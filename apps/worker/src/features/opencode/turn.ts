import type { ErrorTag } from "@threadbox/contracts/errors";
import type { MessageId } from "@threadbox/contracts/ids";
import { Clock, Deferred, Effect, Queue, Schedule } from "effect";
import type { SandboxClient } from "../sandbox/index.ts";
import type { Ask } from "./ask.ts";
import type { AttachedFile } from "./attached.ts";
import { makeOpenCodeClient, type OpenCodeClient, type OpenCodeError, type OpenCodeModel } from "./client.ts";
import { OpenCodeExcessError } from "./errors.ts";
import { followEvents, type StreamNews } from "./event-stream.ts";
import type { OpenEvents } from "./open-events.ts";
import { Run, type RunPlan, type TurnOutcome } from "./run.ts";
import { turnError, turnErrorOf } from "./turn-error.ts";
import { nextMove } from "./turn-watch.ts";
import type { OpenCodeEntry, OpenCodeEvent } from "./wire.ts";

export interface TurnPlan extends RunPlan {
  readonly sandbox: SandboxClient;
  /** The message that the turn becomes. */
  readonly answerId?: MessageId;
  /** What answers; absent: the installation's model. */
  readonly model?: OpenCodeModel | undefined;
  readonly text: string;
  /** What came before, where the session does not know it. */
  readonly recap: string | null;
  /** What OpenCode's own page asked; null where only the text is asked. */
  readonly ask: Ask | null;
  /** OpenCode's events, where they are heard already. */
  readonly events?: OpenEvents | null;
  /** Called once OpenCode has taken the prompt. */
  readonly onTaken?: () => void;
  /** Files of the workspace that go with the text. */
  readonly attached?: readonly AttachedFile[];
  /** Succeeds when the turn is to be interrupted. */
  readonly stop: Effect.Effect<void>;
}

type News =
  | StreamNews
  | { readonly kind: "tick" | "stop" }
  /** A command was given up, or it is not known what became of it. */
  | { readonly kind: "doubt"; readonly error: OpenCodeError }
  | { readonly kind: "mark"; readonly passed: Deferred.Deferred<void> }
  | { readonly kind: "gone"; readonly error: OpenCodeError };

const tickInterval = "250 millis";
const busyIntervalMs = 30_000;
/** Pause before the same question is put to OpenCode again. */
const askIntervalMs = 400;
const statusIntervalMs = 5_000;
const abortIntervalMs = 1_000;

/** The sandbox of this sandbox is gone for good: nothing more will come of the turn. */
const isGone = (error: OpenCodeError): boolean =>
  error._tag === "SandboxInterruptedError" || error._tag === "SandboxNotFoundError";

const stopped = turnError("SandboxInterrupted", "The sandbox stopped or restarted during this turn.");

const toTurnError = (error: OpenCodeError) =>
  isGone(error) ? stopped : turnError(error.wireTag satisfies ErrorTag, error.message);

/** Calls made on behalf of a run, each at most so often. */
class Pace {
  readonly #at = new Map<string, number>();
  isDue(what: string, intervalMs: number, now: number): boolean {
    if (now - (this.#at.get(what) ?? Number.NEGATIVE_INFINITY) < intervalMs) return false;
    this.#at.set(what, now);
    return true;
  }
}

interface Turn {
  readonly plan: TurnPlan;
  readonly run: Run;
  readonly client: OpenCodeClient;
  readonly pace: Pace;
  /** Starts a call that may last as long as the turn. */
  readonly launch: (call: Effect.Effect<void, OpenCodeError>) => Effect.Effect<void>;
}

const now = Clock.currentTimeMillis;

const prompt = Effect.fnUntraced(function* ({ plan, run, client, launch }: Turn) {
  run.mayBePrompted = true;
  const { sessionId, promptId, text, recap, ask, attached = [] } = plan;
  if (ask === null || ask.kind === "prompt") {
    yield* client.prompt(sessionId, { messageId: promptId, text, recap, ask, attached });
  } else yield* launch(client.carryOut(sessionId, promptId, ask));
  run.prompted(yield* now);
  plan.onTaken?.();
});

/** The last that came of the prompt is that the model's login had ended. */
const isSignedOut = (entries: readonly OpenCodeEntry[]): boolean => {
  const { error } = entries.at(-1)?.info ?? {};
  return error !== undefined && turnErrorOf(error)._tag === "ReauthRequired";
};

/** Brings the run in step with its session; sends the prompt where the session does not hold it yet. */
const getInStep = Effect.fnUntraced(function* (turn: Turn) {
  const { plan, run, client } = turn;
  if (!run.isPrompted && !run.mayBePrompted) return yield* prompt(turn);
  const entries = yield* client.messages(plan.sessionId, plan.promptId);
  if (!entries.some(({ info }) => info.id === plan.promptId)) return yield* prompt(turn);
  const status = yield* client.status(plan.sessionId);
  const goesOn = plan.mayGoOn === true && status.type === "idle" && isSignedOut(entries);
  if (goesOn) yield* client.goOn(plan.sessionId, plan.promptId, plan.ask);
  run.catchUp(entries, goesOn ? { type: "busy" } : status, yield* now);
});

const isFinal = (error: OpenCodeError): boolean =>
  isGone(error) || error._tag === "OpenCodeRefusedError" || error._tag === "OpenCodeExcessError";

/** A failed call: what is final ends the turn, the rest is tried again. */
const withFailure = <A>(turn: Turn, effect: Effect.Effect<A, OpenCodeError>): Effect.Effect<void> =>
  Effect.matchEffect(effect, {
    onSuccess: () => Effect.void,
    onFailure: Effect.fnUntraced(function* (error) {
      if (isFinal(error)) turn.run.fail(toTurnError(error), yield* now);
    }),
  });

const abort = Effect.fnUntraced(function* ({ plan, run, client, pace }: Turn) {
  if (!run.isPrompted && !run.mayBePrompted) return;
  if (pace.isDue("abort", abortIntervalMs, yield* now)) yield* Effect.ignore(client.abort(plan.sessionId));
});

/** Questions of OpenCode's own are answered at once: the sandbox is the wall, and nobody sits inside it. */
const answer = ({ run, client }: Turn, event: OpenCodeEvent): Effect.Effect<void> => {
  if (!run.isOurs(event)) return Effect.void;
  if (event.type === "permission.asked") return Effect.ignore(client.approve(event.properties.id));
  if (event.type === "question.asked") return Effect.ignore(client.rejectQuestion(event.properties.id));
  return Effect.void;
};

/** Does what is due now. Answers whether the turn is over. */
const move = Effect.fnUntraced(function* (turn: Turn): Effect.fn.Return<boolean> {
  const { plan, run, client, pace } = turn;
  const at = yield* now;
  run.tell([], at);
  if (run.watch.stopSince !== null) yield* abort(turn);
  if (run.isOpen && !run.isInStep && pace.isDue("step", askIntervalMs, at)) yield* withFailure(turn, getInStep(turn));
  const next = nextMove(run.watch, run.log, yield* now);
  switch (next.kind) {
    case "end":
      return true;
    case "give up":
      run.fail(next.error, at);
      return true;
    case "fail":
      run.fail(next.error, at);
      yield* abort(turn);
      return false;
    case "read":
      if (pace.isDue("read", askIntervalMs, at)) {
        const entries = client.messages(plan.sessionId, plan.promptId);
        yield* withFailure(
          turn,
          Effect.tap(entries, (found) => Effect.map(now, (then) => run.reread(found, then))),
        );
      }
      return false;
    case "ask":
      if (pace.isDue("status", statusIntervalMs, at)) {
        const status = client.status(plan.sessionId);
        yield* withFailure(
          turn,
          Effect.tap(status, (found) => Effect.map(now, (then) => run.noteStatus(found, then))),
        );
      }
      return false;
    case "wait":
      return false;
  }
});

/** Ends the turn where it has grown past a bound. Answers whether it has. */
const endExcess = Effect.fnUntraced(function* ({ plan, run, client }: Turn) {
  const at = yield* now;
  const excess = run.excess(at);
  if (excess === null) return false;
  run.fail(toTurnError(new OpenCodeExcessError({ excess })), at);
  yield* Effect.forkDetach(Effect.ignore(client.abort(plan.sessionId)));
  return true;
});

const take = Effect.fnUntraced(function* (turn: Turn, news: News): Effect.fn.Return<boolean> {
  const { plan, run, pace } = turn;
  const at = yield* now;
  switch (news.kind) {
    case "opened":
      run.isOpen = true;
      return yield* move(turn);
    case "lost":
      run.lose(at);
      return false;
    case "event":
      run.hear(news.event, news.length, at);
      if (yield* endExcess(turn)) return true;
      if (news.event.type.endsWith(".asked")) yield* Effect.forkChild(answer(turn, news.event));
      return news.event.type === "session.idle" ? yield* move(turn) : false;
    case "doubt":
      // What became of a prompt that OpenCode holds, its session tells.
      if (run.log.promptedAt !== null) return false;
      if (isFinal(news.error)) run.fail(toTurnError(news.error), at);
      else run.doubt(at);
      return isFinal(news.error);
    case "mark":
      yield* Deferred.succeed(news.passed, undefined);
      return false;
    case "stop":
      run.stop(at);
      return !run.isPrompted && !run.mayBePrompted ? true : yield* move(turn);
    case "gone":
      run.fail(toTurnError(news.error), at);
      // What floods the worker is told to be quiet; nobody waits for its answer.
      if (!isGone(news.error)) yield* Effect.forkDetach(Effect.ignore(turn.client.abort(plan.sessionId)));
      return true;
    case "tick":
      if (pace.isDue("busy", busyIntervalMs, at)) {
        yield* Effect.forkChild(Effect.ignore(plan.sandbox.markActivity("busy")));
      }
      if (yield* endExcess(turn)) return true;
      return yield* move(turn);
  }
});

/** OpenCode may go on for a moment after it was told to stop; whatever it does then, the turn ends. */
const stopMsMax = 3_500;

/** Runs one turn to its end, or follows one that runs already. Never fails: a failure is an outcome of the turn. */
export const runTurn = (plan: TurnPlan): Effect.Effect<TurnOutcome> =>
  Effect.gen(function* () {
    const client = makeOpenCodeClient(plan.sandbox, plan.model);
    const run = new Run(plan, yield* now);
    const inbox = yield* Queue.unbounded<News>();
    const scope = yield* Effect.scope;
    const launch: Turn["launch"] = (call) =>
      call.pipe(
        Effect.catch((error) => Effect.sync(() => post({ kind: "doubt", error }))),
        Effect.forkIn(scope),
        Effect.asVoid,
      );
    const turn: Turn = { plan, run, client, pace: new Pace(), launch };
    // Calls take time, and ticks that piled up behind one would hold up the news.
    let isTickWaiting = false;
    const post = (news: News) => {
      if (news.kind === "tick" && isTickWaiting) return;
      isTickWaiting ||= news.kind === "tick";
      Queue.offerUnsafe(inbox, news);
    };
    const caughtUp = Effect.suspend(() => {
      const passed = Deferred.makeUnsafe<void>();
      post({ kind: "mark", passed });
      return Deferred.await(passed);
    });
    const follow = Effect.catch(
      followEvents(plan.sandbox, { hear: post, caughtUp }, plan.events),
      (error): Effect.Effect<void> => Effect.sync(() => post({ kind: "gone", error })),
    );
    // OpenCode is interrupted from beside the loop: that may be waiting for an answer.
    const interrupt = plan.stop.pipe(
      Effect.andThen(Effect.sync(() => post({ kind: "stop" }))),
      Effect.andThen(abort(turn)),
    );
    yield* Effect.forkScoped(follow);
    yield* Effect.forkScoped(interrupt);
    yield* Effect.forkScoped(
      Effect.repeat(
        Effect.sync(() => post({ kind: "tick" })),
        Schedule.spaced(tickInterval),
      ),
    );
    const work = Effect.gen(function* () {
      for (;;) {
        const news = yield* Queue.take(inbox);
        if (news.kind === "tick") isTickWaiting = false;
        if (yield* take(turn, news)) return;
      }
    });
    const stopAnyway = plan.stop.pipe(
      Effect.andThen(Effect.sleep(stopMsMax)),
      Effect.andThen(Effect.flatMap(now, (at) => Effect.sync(() => run.stop(at)))),
    );
    yield* Effect.raceFirst(work, stopAnyway);
    yield* Effect.forkDetach(Effect.ignore(plan.sandbox.markActivity("idle", plan.answerId)));
    return run.end(yield* now);
  }).pipe(Effect.scoped);
