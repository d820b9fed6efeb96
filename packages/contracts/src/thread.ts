import { Schema } from "effect";
import { MessageId, ThreadId } from "./ids.ts";
import { TurnMetadata, TurnState } from "./turn.ts";

/** How the last turn of a thread stands; `idle` before the first; `waiting`: it goes on once somebody has seen to it. */
export const ThreadActivity = Schema.Literals(["idle", "waiting", ...TurnState.literals]);
export type ThreadActivity = typeof ThreadActivity.Type;

/** A settled message as the worker projects it to Convex; `parts` is the JSON of AI SDK message parts. */
export const ProjectedMessage = Schema.Struct({
  threadId: ThreadId,
  messageId: MessageId,
  role: Schema.Literals(["user", "assistant"]),
  /** How many messages of the thread were made before, on whatever branch; without gaps. */
  position: Schema.Int,
  /**
   * The message that this one follows; null for a first one. Messages with the same parent are siblings. Absent in what
   * was made before threads had branches.
   */
  parentId: Schema.optionalKey(Schema.NullOr(MessageId)),
  parts: Schema.String,
  /** Plain text of the message, for titles, lists and search; cut at 8 KiB. */
  text: Schema.String,
  metadata: Schema.optionalKey(TurnMetadata),
  createdAt: Schema.Number,
});
export type ProjectedMessage = typeof ProjectedMessage.Type;

/**
 * Which branch of a thread is looked at, in every tab and by whoever reads the record: the one that ends here; the empty
 * text: before the first message.
 */
export const MessageSelection = Schema.Struct({
  threadId: ThreadId,
  leafId: Schema.Union([MessageId, Schema.Literal("")]),
});
export type MessageSelection = typeof MessageSelection.Type;
