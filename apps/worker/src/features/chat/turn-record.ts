import { type AttachmentPart, AttachmentParts } from "@threadbox/contracts/attachments";
import { Generation, MessageId, TurnId } from "@threadbox/contracts/ids";
import { ModelDescription, type ModelName } from "@threadbox/contracts/model";
import { TurnError, type TurnMetadata, TurnState } from "@threadbox/contracts/turn";
import { Schema } from "effect";

/** What the thread keeps of one turn, from the moment its message is taken. Single writer: the thread's agent. */
export const TurnRecord = Schema.Struct({
  turnId: TurnId,
  state: TurnState,
  userMessageId: MessageId,
  text: Schema.String,
  /** Files that go with it; absent where there are none. */
  attachments: Schema.optionalKey(AttachmentParts),
  /** The assistant message this turn becomes. */
  answerId: MessageId,
  /** The user message's id in OpenCode. */
  promptId: Schema.String,
  /** The id of every stream of the answer; more than one where its agent was lost. */
  streamedAs: Schema.Array(Schema.String),
  /** The user message beside which this turn's stands as another version. */
  siblingOf: Schema.optionalKey(Schema.NullOr(MessageId)),
  /** The session in which OpenCode's own page asked; absent for what was written in the chat. */
  askedIn: Schema.optionalKey(Schema.String),
  createdAt: Schema.Number,
  startedAt: Schema.NullOr(Schema.Number),
  endedAt: Schema.NullOr(Schema.Number),
  model: Schema.NullOr(ModelDescription),
  sessionId: Schema.NullOr(Schema.String),
  /** The session was made for this turn, so its prompt tells what came before. */
  isRecapped: Schema.optionalKey(Schema.Boolean),
  /** The sandbox's generation OpenCode runs in; null until there is one. */
  generation: Schema.NullOr(Generation),
  /** Whether OpenCode may have been given the prompt. */
  mayBePrompted: Schema.Boolean,
  /** Since when it waits for the thread's login; nothing of it runs meanwhile. Absent while it does not wait. */
  loginSince: Schema.optionalKey(Schema.Number),
  /** How often it has waited for a login. */
  loginWaits: Schema.optionalKey(Schema.Int),
  /** How often the turn was taken up again: after its agent was lost, and after each wait for a login. */
  resumes: Schema.Int,
  error: Schema.NullOr(TurnError),
  /** What the model has read and written; absent where it does not say. */
  tokens: Schema.optionalKey(Schema.Number),
  /** The settled parts as JSON, until the transcript holds them. */
  answer: Schema.NullOr(Schema.String),
});
export type TurnRecord = typeof TurnRecord.Type;

export interface NewTurn {
  readonly turnId: TurnId;
  readonly userMessageId: MessageId;
  readonly text: string;
  readonly attachments: readonly AttachmentPart[];
  readonly promptId: string;
  readonly siblingOf: MessageId | null;
  readonly askedIn?: string;
  readonly now: number;
}

export const newTurn = ({ now, attachments, ...given }: NewTurn): TurnRecord => ({
  ...given,
  ...(attachments.length === 0 ? {} : { attachments }),
  state: "queued",
  answerId: MessageId.make(`answer_${given.turnId}`),
  streamedAs: [],
  createdAt: now,
  startedAt: null,
  endedAt: null,
  model: null,
  sessionId: null,
  generation: null,
  mayBePrompted: false,
  resumes: 0,
  error: null,
  answer: null,
});

/** What a reader is told of what answered. */
const nameOf = ({ provider, id, label }: ModelDescription): ModelName => ({ provider, id, label });

/** `metadata` of the assistant message, as the turn stands. */
export const metadataOf = (turn: TurnRecord): TurnMetadata => ({
  turnId: turn.turnId,
  state: turn.state,
  ...(turn.model === null ? {} : { model: nameOf(turn.model) }),
  ...(turn.startedAt === null ? {} : { startedAt: turn.startedAt }),
  ...(turn.endedAt === null ? {} : { endedAt: turn.endedAt }),
  ...(turn.error === null ? {} : { error: turn.error }),
  ...(turn.tokens === undefined ? {} : { tokens: turn.tokens }),
});
