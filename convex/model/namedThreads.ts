import type { MutationCtx } from "../_generated/server.js";
import { deleteThread } from "./deletion.ts";
import { createThread, findNamed, findThread } from "./threads.ts";

/** Until its first message it is called in the list as its program calls it. False where a thread has that name. */
export const createNamedThread = async (
  ctx: MutationCtx,
  { sandboxId, ownerId }: { readonly sandboxId: string; readonly ownerId: string },
  now: number,
): Promise<boolean> => {
  if ((await findNamed(ctx, sandboxId)) !== null) return false;
  const threadId = await createThread(ctx, ownerId, now);
  await ctx.db.patch(threadId, { sandboxId, title: sandboxId });
  return true;
};

export const removeNamedThread = async (ctx: MutationCtx, threadId: string, now: number): Promise<boolean> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || thread.deletedAt !== undefined) return false;
  await deleteThread(ctx, thread, now);
  return true;
};
