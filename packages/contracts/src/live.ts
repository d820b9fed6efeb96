import { Schema } from "effect";
import { AttachmentParts } from "./attachments.ts";
import { MessageId, TurnId } from "./ids.ts";
import { PendingApproval } from "./program-approval.ts";
import { ThreadActivity } from "./thread.ts";

/**
 * The thread's socket, beside the frames of the Agents SDK's chat protocol. `ThreadAgent` (`apps/worker`) speaks it,
 * the page reads it. `ThreadLive` is the agent's state (`useAgent().state`): the same in every tab, read only.
 */

/**
 * What a running turn is doing. `sandbox`: it waits for its sandbox to start. `preparing`: the sandbox runs, and OpenCode
 * has not been given the prompt. `model`: OpenCode works on it. `login`: the thread's ChatGPT login has ended, and the turn
 * waits until it is connected again or the thread is to be answered otherwise; nothing runs meanwhile.
 */
export const TurnStep = Schema.Literals([
  "login",
  "sandbox",
  "preparing",
  "model",
  "retrying",
  "reconnecting",
  "stopping",
]);
export type TurnStep = typeof TurnStep.Type;

/** The model refused and OpenCode tries again. Times are milliseconds since 1970. */
export const ModelRetry = Schema.Struct({
  attempt: Schema.Int,
  /** What the model said. */
  message: Schema.String,
  nextAt: Schema.Number,
});
export type ModelRetry = typeof ModelRetry.Type;

export const LiveTurn = Schema.Struct({
  turnId: TurnId,
  userMessageId: MessageId,
  /** The assistant message that is being written. */
  messageId: MessageId,
  startedAt: Schema.Number,
  step: TurnStep,
  /** When this step began: what is awaited, and for how long. */
  stepSince: Schema.optionalKey(Schema.Number),
  retry: Schema.optionalKey(ModelRetry),
});
export type LiveTurn = typeof LiveTurn.Type;

export const QueuedMessage = Schema.Struct({
  messageId: MessageId,
  text: Schema.String,
  since: Schema.Number,
  /** Files that go with it; absent where there are none. */
  attachments: Schema.optionalKey(AttachmentParts),
});
export type QueuedMessage = typeof QueuedMessage.Type;

/** A message of the selected branch that has siblings: all of them, itself included, in the order of their making. */
export const Fork = Schema.Struct({ messageId: MessageId, siblings: Schema.Array(MessageId) });
export type Fork = typeof Fork.Type;

/** One tool call of a program that runs. */
export const LiveCall = Schema.Struct({
  tool: Schema.String,
  /** What it was given, cut short. */
  args: Schema.String,
  startedAt: Schema.Number,
  /** Absent while it lasts. */
  durationMs: Schema.optionalKey(Schema.Number),
  /** Why the tool refused. */
  refusal: Schema.optionalKey(Schema.String),
});
export type LiveCall = typeof LiveCall.Type;

/** A program that runs in a turn, as far as it has come. */
export const LiveProgram = Schema.Struct({
  runId: Schema.String,
  /** `programKey` of its text. */
  program: Schema.String,
  startedAt: Schema.Number,
  calls: Schema.Array(LiveCall),
});
export type LiveProgram = typeof LiveProgram.Type;

export const ThreadLive = Schema.Struct({
  activity: ThreadActivity,
  turn: Schema.NullOr(LiveTurn),
  /** In the order in which they will be answered. */
  queued: Schema.Array(QueuedMessage),
  /** What is queued waits for somebody to say so: a turn was stopped before it. */
  isPaused: Schema.optionalKey(Schema.Boolean),
  forks: Schema.optionalKey(Schema.Array(Fork)),
  /** What programs ask, oldest first. */
  approvals: Schema.optionalKey(Schema.Array(PendingApproval)),
  /** Programs of the turn that runs, oldest first. */
  programs: Schema.optionalKey(Schema.Array(LiveProgram)),
});
export type ThreadLive = typeof ThreadLive.Type;

/** Client → agent. Everything the Agents SDK's own `stop` cannot say from a tab that did not start the turn. */
export const ThreadCommand = Schema.Union([
  /** Interrupts the running turn, whichever tab started it. */
  Schema.Struct({ type: Schema.Literal("threadbox_stop") }),
  /** Somebody writes a message: the sandbox may get ready for it. */
  Schema.Struct({ type: Schema.Literal("threadbox_composing") }),
  /** Goes on with what is queued after a stop, or takes all of it back. */
  Schema.Struct({ type: Schema.Literal("threadbox_resume") }),
  Schema.Struct({ type: Schema.Literal("threadbox_clear") }),
  /** Shows the branch on which this message stands, to everybody. */
  Schema.Struct({ type: Schema.Literal("threadbox_select"), messageId: MessageId }),
  /** Takes back a message that still waits. */
  Schema.Struct({ type: Schema.Literal("threadbox_unqueue"), messageId: MessageId }),
  /** Answers a message that still waits before the one that it comes after now. */
  Schema.Struct({ type: Schema.Literal("threadbox_advance"), messageId: MessageId }),
]);
export type ThreadCommand = typeof ThreadCommand.Type;

/** Agent → the client whose frame was refused. */
export const ThreadRefusal = Schema.Struct({
  type: Schema.Literal("threadbox_refused"),
  /** The chat request that was refused, where it was one. */
  requestId: Schema.optionalKey(Schema.String),
  error: Schema.Struct({ _tag: Schema.String, message: Schema.String, retryable: Schema.Boolean }),
});
export type ThreadRefusal = typeof ThreadRefusal.Type;

/** Most messages that wait in one thread. */
export const queuedMessagesMax = 20;
