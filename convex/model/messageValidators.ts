import { v } from "convex/values";
import { turnMetadata } from "./turnValidators.ts";

/** `ProjectedMessage` without its thread. */
export const messageContentFields = {
  messageId: v.string(),
  role: v.union(v.literal("user"), v.literal("assistant")),
  /** Position in the thread, from 0, without gaps. */
  position: v.number(),
  /** JSON of AI SDK message parts. */
  parts: v.string(),
  /** Plain text of the message. */
  text: v.string(),
  metadata: v.optional(turnMetadata),
  createdAt: v.number(),
};

/** What `messages:list` answers with. */
export const messageView = v.object(messageContentFields);

/** `ProjectedMessage`, and the row number of the outbox that carries it. */
export const projectedMessageFields = { threadId: v.string(), ...messageContentFields };
