import { v } from "convex/values";
import { turnMetadata } from "./turnValidators.ts";

/** `ProjectedMessage` without its thread. */
export const messageContentFields = {
  messageId: v.string(),
  role: v.union(v.literal("user"), v.literal("assistant")),
  /** How many messages of the thread were made before, on whatever branch; without gaps. */
  position: v.number(),
  /** What it follows; null for a first message. Absent from before threads had branches: the one made before it. */
  parentId: v.optional(v.union(v.string(), v.null())),
  /** JSON of AI SDK message parts. */
  parts: v.string(),
  /** Plain text of the message. */
  text: v.string(),
  metadata: v.optional(turnMetadata),
  createdAt: v.number(),
};

/** What `messages:list` answers with. */
export const messageView = v.object({
  ...messageContentFields,
  /** The messages that follow the same one, itself included, in the order of their making; absent where it is alone. */
  siblingIds: v.optional(v.array(v.string())),
});

/** `ProjectedMessage`, and the row number of the outbox that carries it. */
export const projectedMessageFields = { threadId: v.string(), ...messageContentFields };
