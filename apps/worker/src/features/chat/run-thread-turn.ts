import type { ThreadId } from "@threadbox/contracts/ids";
import {
  anthropicProviderId,
  chatGptProviderId,
  gatewayProviderId,
  type ModelProviderId,
  openAiKeyProviderId,
  ownModelOf,
} from "@threadbox/contracts/model";
import { isUp, type SandboxProjection } from "@threadbox/contracts/sandbox";
import type { TurnError } from "@threadbox/contracts/turn";
import { Effect } from "effect";
import { log } from "../../platform/log.ts";
import { markTurn } from "../changes/index.ts";
import { Logins } from "../logins/index.ts";
import {
  makeOpenCodeClient,
  type ReadyOpenCode,
  runTurn,
  type TranscriptPart,
  type TurnListener,
  type TurnOutcome,
  turnError,
} from "../opencode/index.ts";
import { type SandboxClient, Sandboxes } from "../sandbox/index.ts";
import { lineOf } from "./asked.ts";
import { lookAtAttached } from "./attached-files.ts";
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
  /** The thread's OpenCode, where somebody's writing has made it ready. */
  readonly takeReady: () => ReadyOpenCode | null;
}

/**
 * An OpenCode session that holds exactly what came before this turn. Where the session goes on with another branch it
 * is forked there, which leaves files as they are; where it is lost, a new one is told in its first prompt. What was
 * asked in OpenCode's own page is answered in the session that this shows.
 */
const ensureSession = Effect.fnUntraced(function* (
  sandbox: SandboxClient,
  { store, turn }: ThreadTurn,
  readySessionId: string | null,
) {
  const client = makeOpenCodeClient(sandbox);
  const { askedIn } = turn;
  if (askedIn !== undefined && (yield* client.hasSession(askedIn))) return { sessionId: askedIn, isRecapped: false };
  const known = store.sessions.before(turn.userMessageId);
  const isThere = known !== null && (known.sessionId === readySessionId || (yield* client.hasSession(known.sessionId)));
  if (known !== null && isThere) {
    const { sessionId, nextPromptId } = known;
    const held = nextPromptId === null ? sessionId : yield* client.fork(sessionId, nextPromptId);
    if (held !== null) return { sessionId: held, isRecapped: false };
  }
  return { sessionId: yield* client.createSession("Thread"), isRecapped: true };
});

const restarted = turnError("SandboxInterrupted", "The sandbox stopped or restarted during this turn.");

const signedOut = turnError("ReauthRequired", "ChatGPT signed you out. Connect it again, and send the message again.");

/** A login of the user's answers this turn. */
const usesLogin = ({ model }: TurnRecord): boolean => model?.provider === "chatgpt";

/** OpenCode's provider for a model of one of the user's keys, by how that is spoken to. */
const ownProviders: Partial<Record<ModelProviderId, string>> = {
  "own-openai": openAiKeyProviderId,
  "own-compatible": gatewayProviderId,
  "own-anthropic": anthropicProviderId,
};
const ownProviderOf = ({ model }: TurnRecord): string | undefined =>
  model === null ? undefined : ownProviders[model.provider];

const keyRemoved = (label: string) =>
  turnError(
    "ValidationError",
    `The key for ${label} was removed, so nothing was sent. Choose another model, or add the key again in Settings.`,
  );

const isRunning = (sandbox: SandboxProjection | null): sandbox is SandboxProjection => isUp(sandbox?.status);

/** What OpenCode calls the model that this turn was begun with; undefined: the installation's. */
const modelOf = (turn: TurnRecord) => {
  const own = ownProviderOf(turn);
  if (own !== undefined && turn.model !== null) return { providerID: own, modelID: ownModelOf(turn.model) };
  return usesLogin(turn) && turn.model !== null ? { providerID: chatGptProviderId, modelID: turn.model.id } : undefined;
};

/**
 * The thread's sandbox, with an OpenCode that knows the turn's model. One that was started before there were such models
 * is started again with what is known now: nothing of a turn runs in it yet.
 */
const ensureKnowing = Effect.fnUntraced(function* ({ threadId, turn, listener }: ThreadTurn) {
  const sandboxes = yield* Sandboxes;
  const sandbox = yield* sandboxes.ensure(threadId);
  const model = modelOf(turn);
  const isOwn = ownProviderOf(turn) !== undefined && turn.generation === null;
  if (!isOwn || (yield* makeOpenCodeClient(sandbox, model).knowsModel)) return sandbox;
  log("opencode.outdated", { threadId, generation: sandbox.generation, ...model });
  listener.show("sandbox");
  yield* sandboxes.restart(threadId);
  return yield* sandboxes.ensure(threadId);
});

/** The sandbox of this turn, or how the turn ended where there is none for it. */
const ensureSandbox = Effect.fnUntraced(function* (given: ThreadTurn) {
  const { threadId, turn, listener } = given;
  const sandboxes = yield* Sandboxes;
  const found = yield* sandboxes.find(threadId);
  // A turn whose sandbox has gone meanwhile must not start another one just to find that out.
  if (turn.generation !== null && !(isRunning(found) && found.generation === turn.generation)) return restarted;
  listener.show(isRunning(found) ? "preparing" : "sandbox");
  const sandbox = yield* ensureKnowing(given);
  listener.show("preparing");
  return turn.generation !== null && sandbox.generation !== turn.generation ? restarted : sandbox;
});

/** Everything that comes before the prompt. Answers with how the turn ended where it cannot be prompted. */
const prepare = Effect.fnUntraced(function* (given: ThreadTurn, ready: ReadyOpenCode | null) {
  const { threadId, turn } = given;
  // No sandbox is started for a turn that has to wait.
  if (usesLogin(turn) && turn.generation === null) {
    const standing = yield* Logins.use((logins) => logins.awaitLogin(threadId));
    if (standing === "reauth") return signedOut;
  }
  if (ownProviderOf(turn) !== undefined && turn.generation === null) {
    const use = yield* Logins.use((logins) => logins.keyOf(threadId));
    if (use?.key == null) return keyRemoved(turn.model?.label ?? "this model");
  }
  const sandbox = ready?.sandbox ?? (yield* ensureSandbox(given));
  if ("_tag" in sandbox) return sandbox;
  // Nothing runs in it at the beginning of a turn, and after a wait: the right moment to let it know of a login.
  if (usesLogin(turn) && turn.generation === null) yield* Logins.use((logins) => logins.prepare(sandbox));
  const attached = yield* lookAtAttached(threadId, turn.attachments ?? [], turn.model?.provider);
  const { sessionId } = turn;
  if (turn.mayBePrompted && sessionId !== null) {
    const isLost = turn.generation === null && !(yield* makeOpenCodeClient(sandbox).hasSession(sessionId));
    return isLost ? restarted : { sandbox, sessionId, isRecapped: turn.isRecapped ?? false, attached };
  }
  return { sandbox, attached, ...(yield* ensureSession(sandbox, given, ready?.sessionId ?? null)) };
});

const againMax = 2;

/**
 * A sandbox may end between being found and being asked, as when its host needs the place for another. Nothing has been
 * prompted then, so the next generation takes over without a word.
 */
const prepareAgain = (given: ThreadTurn, ready: ReadyOpenCode | null) => {
  let once = ready;
  const preparing = Effect.suspend(() => {
    const first = once;
    once = null;
    return Effect.map(prepare(given, first), (prepared) =>
      "_tag" in prepared ? prepared : { ...prepared, events: first?.events ?? null },
    );
  });
  return Effect.retry(preparing, {
    times: againMax,
    while: ({ _tag }) =>
      given.turn.generation === null && (_tag === "SandboxInterruptedError" || _tag === "SandboxNotFoundError"),
  });
};

/** A login's turn, and a key's, has it until it ends, however it does, or waits; after that the thread's choice counts at once. */
const withLogin = <A, E, R>({ threadId, turn }: ThreadTurn, work: Effect.Effect<A, E, R>) =>
  usesLogin(turn) || ownProviderOf(turn) !== undefined
    ? Effect.ensuring(
        work,
        Logins.use((logins) => logins.endTurn(threadId)),
      )
    : work;

const failed = (error: TurnError, parts: readonly TranscriptPart[]): TurnOutcome => ({ state: "failed", error, parts });

const attempt = Effect.fnUntraced(function* (given: ThreadTurn, taken: ReadyOpenCode | null) {
  const { store, stop, listener, heard } = given;
  const before = heard?.parts ?? [];
  // What OpenCode may be working on has to be interrupted there; anything else can just be left.
  const stopped = given.turn.generation === null ? Effect.as(stop, "stopped" as const) : Effect.never;
  const ready = yield* prepareAgain(given, taken).pipe(
    Effect.catch((error) => Effect.succeed(turnError(error.wireTag, error.message))),
    Effect.raceFirst(stopped),
  );
  if (ready === "stopped") {
    // The next turn may need a sandbox at once, so this one's need ends first.
    yield* Sandboxes.use((sandboxes) => Effect.ignore(sandboxes.giveUp(given.threadId)));
    return { state: "interrupted", parts: before } satisfies TurnOutcome;
  }
  if ("_tag" in ready) return failed(ready, before);
  const { sandbox, sessionId, isRecapped, attached, events } = ready;
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
  let isTaken = false;
  const outcome = yield* runTurn({
    sandbox,
    answerId: turn.answerId,
    sessionId,
    promptId,
    model: modelOf(turn),
    text,
    recap,
    ask: store.page.askOf(turn.userMessageId),
    attached,
    mayBePrompted,
    mayGoOn: (turn.loginWaits ?? 0) > 0,
    heard: heardTexts,
    events,
    onTaken: () => {
      isTaken = true;
    },
    stop,
    listener,
  });
  // Nobody has looked whether what was ready still is; where it was gone, the turn begins as any other.
  if (events !== null && !isTaken && outcome.state === "failed" && outcome.error?._tag === restarted._tag) {
    store.write(given.turn);
    return "gone" as const;
  }
  yield* Effect.forkDetach(Effect.ignore(markTurn(sandbox, { turnId: turn.turnId, text: lineOf(turn) })));
  // What people have read already stays, even where the sandbox that wrote it is gone.
  return outcome.state !== "settled" && outcome.parts.length < before.length ? { ...outcome, parts: before } : outcome;
});

/** With nothing made ready, nothing of it can be gone. */
const anew = (given: ThreadTurn) =>
  Effect.map(attempt(given, null), (end) => (end === "gone" ? failed(restarted, []) : end));

/** A turn that has lost its login this often is given up. */
const loginWaitsMax = 20;

/** What becomes of a turn: its end, or `waits`, until the thread's login is connected again or another model answers. */
export type ThreadTurnOutcome = TurnOutcome | { readonly state: "waits"; readonly parts: readonly TranscriptPart[] };

/** Runs a turn in the thread's sandbox, from starting that to the settled message. Never fails: failing is an outcome. */
export const runThreadTurn = Effect.fn("runThreadTurn")(function* (given: ThreadTurn) {
  const { turn } = given;
  // A key of the user's asks more of an OpenCode than that it is ready: whether it knows the model.
  const taken = turn.generation === null && ownProviderOf(turn) === undefined ? given.takeReady() : null;
  const asReady = attempt(given, taken).pipe(Effect.ensuring(Effect.sync(() => taken?.events.close())));
  const outcome: TurnOutcome = yield* withLogin(
    given,
    Effect.flatMap(asReady, (end) => (end === "gone" ? anew(given) : Effect.succeed(end))),
  );
  const isSignedOut = outcome.state === "failed" && outcome.error?._tag === signedOut._tag && usesLogin(turn);
  if (!isSignedOut || (turn.loginWaits ?? 0) >= loginWaitsMax) return outcome;
  return { state: "waits", parts: outcome.parts } satisfies ThreadTurnOutcome;
});
