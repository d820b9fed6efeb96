import type { ThreadId } from "@threadbox/contracts/ids";
import { chatGptProviderId } from "@threadbox/contracts/model";
import type { SandboxProjection } from "@threadbox/contracts/sandbox";
import type { TurnError } from "@threadbox/contracts/turn";
import { Effect } from "effect";
import { Logins } from "../logins/index.ts";
import {
  makeOpenCodeClient,
  runTurn,
  type TranscriptPart,
  type TurnListener,
  type TurnOutcome,
  turnError,
} from "../opencode/index.ts";
import { type SandboxClient, Sandboxes } from "../sandbox/index.ts";
import type { ChatStore } from "./store.ts";
import type { TurnRecord } from "./turn-record.ts";

/** What an earlier agent had told of a turn before it was lost. */
export interface HeardBefore {
  /** Text of parts, by id. */
  readonly texts: ReadonlyMap<string, string>;
  /** The message as far as it went, with nothing left open. */
  readonly parts: readonly TranscriptPart[];
}

export interface ThreadTurn {
  readonly threadId: ThreadId;
  readonly turn: TurnRecord;
  readonly store: ChatStore;
  readonly stop: Effect.Effect<void>;
  readonly listener: TurnListener;
  /** What came before this turn; asked for where OpenCode has lost it. */
  readonly recap: () => string | null;
  /** Null for a turn that starts. */
  readonly heard: HeardBefore | null;
}

/**
 * An OpenCode session that holds exactly what came before this turn. Where the session goes on with another branch it
 * is forked there, which leaves files as they are; where it is lost, a new one is told in its first prompt. What was
 * asked in OpenCode's own page is answered in the session that this shows.
 */
const ensureSession = Effect.fnUntraced(function* (sandbox: SandboxClient, { store, turn }: ThreadTurn) {
  const client = makeOpenCodeClient(sandbox);
  const { askedIn } = turn;
  if (askedIn !== undefined && (yield* client.hasSession(askedIn))) return { sessionId: askedIn, isRecapped: false };
  const known = store.sessionBefore(turn.userMessageId);
  if (known !== null && (yield* client.hasSession(known.sessionId))) {
    const { sessionId, nextPromptId } = known;
    const held = nextPromptId === null ? sessionId : yield* client.fork(sessionId, nextPromptId);
    if (held !== null) return { sessionId: held, isRecapped: false };
  }
  return { sessionId: yield* client.createSession("Thread"), isRecapped: true };
});

const restarted = turnError("SandboxInterrupted", "The sandbox stopped or restarted during this turn.");

const isUp = (sandbox: SandboxProjection | null): sandbox is SandboxProjection =>
  sandbox?.status === "ready" || sandbox?.status === "busy";

/** Everything that comes before the prompt. Answers with how the turn ended where it cannot be prompted. */
const prepare = Effect.fnUntraced(function* (given: ThreadTurn) {
  const { threadId, turn, listener } = given;
  const sandboxes = yield* Sandboxes;
  const found = yield* sandboxes.find(threadId);
  // A turn whose sandbox has gone meanwhile must not start another one just to find that out.
  if (turn.generation !== null && !(isUp(found) && found.generation === turn.generation)) return restarted;
  listener.show(isUp(found) ? "preparing" : "sandbox");
  const sandbox = yield* sandboxes.ensure(threadId);
  listener.show("preparing");
  if (turn.generation !== null && sandbox.generation !== turn.generation) return restarted;
  // While nothing is prompted nothing runs in it: the right moment to let it know of a login.
  if (turn.model?.provider === "chatgpt" && !turn.mayBePrompted) {
    yield* Logins.use((logins) => logins.prepare(sandbox));
  }
  if (turn.mayBePrompted && turn.sessionId !== null) {
    return { sandbox, sessionId: turn.sessionId, isRecapped: turn.isRecapped ?? false };
  }
  return { sandbox, ...(yield* ensureSession(sandbox, given)) };
});

const againMax = 2;

/**
 * A sandbox may end between being found and being asked, as when its host needs the place for another. Nothing has been
 * prompted then, so the next generation takes over without a word.
 */
const prepareAgain = (given: ThreadTurn) =>
  Effect.retry(prepare(given), {
    times: againMax,
    while: ({ _tag }) =>
      given.turn.generation === null && (_tag === "SandboxInterruptedError" || _tag === "SandboxNotFoundError"),
  });

/** What OpenCode calls the model that this turn was begun with; undefined: the installation's. */
const modelOf = ({ model }: TurnRecord) =>
  model?.provider === "chatgpt" ? { providerID: chatGptProviderId, modelID: model.id } : undefined;

/** A login's turn has it until it ends, however it does; after that the thread's choice counts at once. */
const withLogin = <A, E, R>({ threadId, turn }: ThreadTurn, work: Effect.Effect<A, E, R>) =>
  turn.model?.provider === "chatgpt"
    ? Effect.ensuring(
        work,
        Logins.use((logins) => logins.endTurn(threadId)),
      )
    : work;

const failed = (error: TurnError, parts: readonly TranscriptPart[]): TurnOutcome => ({ state: "failed", error, parts });

const run = Effect.fn("runThreadTurn")(function* (given: ThreadTurn) {
  const { store, stop, listener, heard } = given;
  const before = heard?.parts ?? [];
  // What OpenCode may be working on has to be interrupted there; anything else can just be left.
  const stopped = given.turn.mayBePrompted ? Effect.never : Effect.as(stop, "stopped" as const);
  const ready = yield* prepareAgain(given).pipe(
    Effect.catch((error) => Effect.succeed(turnError(error.wireTag, error.message))),
    Effect.raceFirst(stopped),
  );
  if (ready === "stopped") {
    // The next turn may need a sandbox at once, so this one's need ends first.
    yield* Sandboxes.use((sandboxes) => Effect.ignore(sandboxes.giveUp(given.threadId)));
    return { state: "interrupted", parts: before } satisfies TurnOutcome;
  }
  if ("_tag" in ready) return failed(ready, before);
  const { sandbox, sessionId, isRecapped } = ready;
  const recap = isRecapped ? given.recap() : null;
  const { mayBePrompted } = given.turn;
  const turn = store.write({
    ...given.turn,
    sessionId,
    isRecapped,
    generation: sandbox.generation,
    mayBePrompted: true,
  });
  const { promptId, text } = turn;
  const heardTexts = heard?.texts ?? new Map<string, string>();
  const outcome = yield* runTurn({
    sandbox,
    sessionId,
    promptId,
    model: modelOf(turn),
    text,
    recap,
    ask: store.page.askOf(turn.userMessageId),
    mayBePrompted,
    heard: heardTexts,
    stop,
    listener,
  });
  // What people have read already stays, even where the sandbox that wrote it is gone.
  return outcome.state !== "settled" && outcome.parts.length < before.length ? { ...outcome, parts: before } : outcome;
});

/** Runs a turn in the thread's sandbox, from starting that to the settled message. Never fails: failing is an outcome. */
export const runThreadTurn = (given: ThreadTurn) => withLogin(given, run(given));
