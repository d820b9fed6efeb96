import { Schema } from "effect";
import { MessageId, ThreadId } from "./ids.ts";
import { TurnMetadata, TurnState } from "./turn.ts";

/** How the last turn of a thread stands; `idle` before the first. */
export const ThreadActivity = Schema.Literals(["idle", ...TurnState.literals]);
export type ThreadActivity = typeof ThreadActivity.Type;

/** A settled message as the worker projects it to Convex; `parts` is the JSON of AI SDK message parts. */
export const ProjectedMessage = Schema.Struct({
  threadId: ThreadId,
  messageId: MessageId,
  role: Schema.Literals(["user", "assistant"]),
  /** Position in the thread, from 0, without gaps. */
  position: Schema.Int,
  parts: Schema.String,
  /** Plain text of the message, for titles, lists and search; cut at 8 KiB. */
  text: Schema.String,
  metadata: Schema.optionalKey(TurnMetadata),
  createdAt: Schema.Number,
});
export type ProjectedMessage = typeof ProjectedMessage.Type;
