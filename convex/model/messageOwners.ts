import { internal } from "../_generated/api.js";
import type { MutationCtx } from "../_generated/server.js";

const batch = { numItems: 200, maximumBytesRead: 4 * 1024 * 1024 };

/**
 * Gives messages that do not say whose they are their thread's owner, so that a search finds them: one batch, then the
 * next in a transaction of its own. Done twice, it changes nothing the second time.
 */
export const fillOwners = async (ctx: MutationCtx, cursor: string | null): Promise<void> => {
  const found = await ctx.db.query("messages").paginate({ ...batch, cursor });
  for (const { _id, threadId, ownerId } of found.page) {
    if (ownerId !== undefined) continue;
    const thread = await ctx.db.get(threadId);
    if (thread !== null) await ctx.db.patch(_id, { ownerId: thread.ownerId });
  }
  if (found.isDone) return;
  await ctx.scheduler.runAfter(0, internal.messages.fillOwners, { cursor: found.continueCursor });
};
