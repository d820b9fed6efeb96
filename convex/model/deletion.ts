import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { auditDeed } from "./audit.ts";
import { threadNotFound } from "./errors.ts";
import { findSandbox } from "./sandboxes.ts";
import { findNamed, findThread } from "./threads.ts";
import type { Viewer } from "./viewer.ts";

/** How long a deleted thread can be brought back. */
export const undoMs = 30_000;

/** Hides the thread and schedules its removal. */
export const deleteThread = async (ctx: MutationCtx, thread: Doc<"threads">, now: number): Promise<void> => {
  await ctx.db.patch(thread._id, { deletedAt: now });
  await ctx.scheduler.runAfter(undoMs, internal.threads.purge, { threadId: thread._id, deletedAt: now });
  await auditDeed(ctx, { action: "thread.deleted", actorId: thread.ownerId, threadId: thread._id }, now);
};

/** Takes a delete back. NotFound once the purge has run; no change to a thread that is not deleted. */
export const restoreThread = async (
  ctx: MutationCtx & { viewer: Viewer },
  threadId: string,
  now: number,
): Promise<void> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || thread.ownerId !== ctx.viewer.userId) throw threadNotFound();
  if (thread.deletedAt === undefined) return;
  const isTaken = thread.sandboxId !== undefined && (await findNamed(ctx, thread.sandboxId)) !== null;
  await ctx.db.patch(thread._id, { deletedAt: undefined, ...(isTaken ? { sandboxId: undefined } : {}) });
  await auditDeed(ctx, { action: "thread.restored", actorId: thread.ownerId, threadId: thread._id }, now);
};

/** Far more places to branch than anybody makes, and few enough for one transaction. */
const forksMax = 4_000;

const forksOf = ({ db }: MutationCtx, threadId: Id<"threads">) =>
  db
    .query("forks")
    .withIndex("by_threadId_and_parentId", (range) => range.eq("threadId", threadId))
    .take(forksMax);

/**
 * The thread's row goes first, so that a purge that has begun cannot be undone halfway. A thread restored meanwhile,
 * or restored and deleted again, carries another `deletedAt` and is left alone.
 */
export const purgeThread = async (ctx: MutationCtx, threadId: Id<"threads">, deletedAt: number): Promise<void> => {
  const thread = await ctx.db.get(threadId);
  if (thread === null || thread.deletedAt !== deletedAt) return;
  await ctx.db.delete(threadId);
  const sandbox = await findSandbox(ctx, threadId);
  if (sandbox !== null) await ctx.db.delete(sandbox._id);
  for (const fork of await forksOf(ctx, threadId)) await ctx.db.delete(fork._id);
  const rest = { threadId, fromPosition: 0, before: Number.MAX_SAFE_INTEGER };
  await ctx.scheduler.runAfter(0, internal.messages.removeRest, rest);
  await ctx.scheduler.runAfter(0, internal.journal.removeRest, { threadId });
};
