import { type ObjectType, v } from "convex/values";
import { internal } from "../_generated/api.js";
import type { Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { findMessage } from "./branches.ts";
import { applied, isRepeat } from "./outbox.ts";
import { findThread } from "./threads.ts";

const batch = { numItems: 200, maximumBytesRead: 8 * 1024 * 1024, cursor: null };

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
 * Forgets the end of a thread that has no branches: the outbox of a thread from before there were any may still hold
 * it. What is too much for one transaction goes in scheduled steps, which spare messages stored since. Answers like
 * `projectMessage`.
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

export const selectionFields = {
  threadId: v.string(),
  /** The message at which the branch ends that is to be shown; the empty text: before the first one. */
  leafId: v.string(),
  /** Row number of the worker's outbox. */
  sequence: v.optional(v.number()),
};

/** Shows another branch of the thread. Answers like `projectMessage`. */
export const selectBranch = async (
  ctx: MutationCtx,
  { threadId, leafId, sequence }: ObjectType<typeof selectionFields>,
): Promise<boolean> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || isRepeat(thread, sequence)) return false;
  const isThere = leafId === "" || (await findMessage(ctx, thread._id, leafId)) !== null;
  await ctx.db.patch(thread._id, { ...(isThere ? { selectedLeafId: leafId } : {}), ...applied(sequence) });
  return isThere && thread.selectedLeafId !== leafId;
};
