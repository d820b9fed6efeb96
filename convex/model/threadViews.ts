import { type Infer, v } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import { threadActivity } from "./turnValidators.ts";

/** A thread as its owner's page shows it. Times are milliseconds since 1970. */
export const threadView = v.object({
  threadId: v.id("threads"),
  /** Empty until the first message or a rename. */
  title: v.string(),
  isTitleCustom: v.boolean(),
  isPinned: v.boolean(),
  isArchived: v.boolean(),
  /** Present where OpenCode's own page is turned off here. */
  isOpenCodeOff: v.optional(v.boolean()),
  isUnread: v.boolean(),
  activity: threadActivity,
  activeTurnId: v.optional(v.string()),
  modelLabel: v.optional(v.string()),
  lastMessageAt: v.number(),
  createdAt: v.number(),
});
export type ThreadView = Infer<typeof threadView>;

/** An answer arrived after the owner last looked. The owner's own messages make nothing unread. */
export const isUnread = (thread: Pick<Doc<"threads">, "lastAnswerAt" | "lastReadAt">): boolean =>
  thread.lastAnswerAt !== undefined && thread.lastAnswerAt > thread.lastReadAt;

export const toThreadView = (thread: Doc<"threads">): ThreadView => ({
  threadId: thread._id,
  title: thread.title,
  isTitleCustom: thread.isTitleCustom,
  isPinned: thread.isPinned,
  isArchived: thread.isArchived,
  ...(thread.isOpenCodeOff === true ? { isOpenCodeOff: true } : {}),
  isUnread: isUnread(thread),
  activity: thread.activity,
  ...(thread.activeTurnId === undefined ? {} : { activeTurnId: thread.activeTurnId }),
  ...(thread.modelLabel === undefined ? {} : { modelLabel: thread.modelLabel }),
  lastMessageAt: thread.lastMessageAt,
  createdAt: thread._creationTime,
});
