import type { PaginationOptions } from "convex/server";
import { type Infer, type ObjectType, v } from "convex/values";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { messageView } from "./messageValidators.ts";
import { applied, isRepeat } from "./outbox.ts";
import { findThread } from "./threads.ts";

/** A message may be near 1 MiB and a transaction reads no more than 16 MiB, so pages are bounded in bytes too. */
export const pageMessagesMax = 100;
const pageBytesMax = 4 * 1024 * 1024;
const batch = { numItems: 200, maximumBytesRead: 8 * 1024 * 1024, cursor: null };

export const toMessageView = (message: Doc<"messages">): Infer<typeof messageView> => {
  const { _id, _creationTime, threadId, ownerId, ...content } = message;
  return content;
};

/** One page of a thread's messages, newest first. */
export const pageOfMessages = async (
  { db }: Pick<QueryCtx, "db">,
  threadId: Id<"threads">,
  request: PaginationOptions,
) => {
  const page = await db
    .query("messages")
    .withIndex("by_threadId_and_position", (range) => range.eq("threadId", threadId))
    .order("desc")
    .paginate({ ...request, numItems: Math.min(request.numItems, pageMessagesMax), maximumBytesRead: pageBytesMax });
  return { ...page, page: page.page.map(toMessageView) };
};

/** Removes one batch of a thread's messages, newest first, and answers whether that was all of them. */
export const removeMessages = async (
  { db }: Pick<MutationCtx, "db">,
  { threadId, fromPosition, before }: { threadId: Id<"threads">; fromPosition: number; before: number },
): Promise<boolean> => {
  const found = await db
    .query("messages")
    .withIndex("by_threadId_and_position", (range) => range.eq("threadId", threadId).gte("position", fromPosition))
    .order("desc")
    .paginate(batch);
  for (const message of found.page) if (message._creationTime < before) await db.delete(message._id);
  return found.isDone;
};

export const truncationFields = {
  threadId: v.string(),
  /** The first position that goes, with everything after it. */
  fromPosition: v.number(),
  /** Row number of the worker's outbox. */
  sequence: v.optional(v.number()),
};

/**
 * Forgets the end of a thread, e.g. before an edited message is sent again. What is too much for one transaction goes
 * in scheduled steps, which spare messages stored since. Answers like `projectMessage`.
 */
export const truncateMessages = async (
  ctx: MutationCtx,
  { threadId, fromPosition, sequence }: ObjectType<typeof truncationFields>,
  now: number,
): Promise<boolean> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || isRepeat(thread, sequence)) return false;
  const rest = { threadId: thread._id, fromPosition, before: Number.MAX_SAFE_INTEGER };
  const isDone = await removeMessages(ctx, rest);
  if (!isDone) await ctx.scheduler.runAfter(0, internal.messages.removeRest, { ...rest, before: now });
  await ctx.db.patch(thread._id, applied(sequence));
  return true;
};
