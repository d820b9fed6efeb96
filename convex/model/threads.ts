import type { PaginationOptions } from "convex/server";
import { type Infer, v } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { threadNotFound } from "./errors.ts";
import { hasOpenCode } from "./features.ts";
import { isUnread, toThreadView } from "./threadViews.ts";
import type { Viewer } from "./viewer.ts";

const pageThreadsMax = 100;

type Read = Pick<QueryCtx, "db">;

/** The thread of this id, also when it is deleted but not yet purged; null for anything that is no thread's id. */
export const findThread = async ({ db }: Read, threadId: string): Promise<Doc<"threads"> | null> => {
  const id = db.normalizeId("threads", threadId);
  return id === null ? null : await db.get(id);
};

/** The viewer's thread. Missing, deleted and somebody else's are one and the same refusal. */
export const requireOwnThread = async (ctx: Read & { viewer: Viewer }, threadId: string): Promise<Doc<"threads">> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || thread.ownerId !== ctx.viewer.userId || thread.deletedAt !== undefined) throw threadNotFound();
  return thread;
};

/** The thread that another program calls so; one that is deleted has no name. */
export const findNamed = ({ db }: Read, sandboxId: string): Promise<Doc<"threads"> | null> =>
  db
    .query("threads")
    .withIndex("by_sandboxId_and_deletedAt", (range) => range.eq("sandboxId", sandboxId).eq("deletedAt", undefined))
    .unique();

/** A new, empty thread of that owner. */
export const createThread = ({ db }: Pick<MutationCtx, "db">, ownerId: string, now: number) =>
  db.insert("threads", {
    ownerId,
    title: "",
    isTitleCustom: false,
    isPinned: false,
    isArchived: false,
    activity: "idle",
    activitySince: 0,
    lastMessageAt: now,
    lastReadAt: now,
  });

/** One stretch of the list's index: the owner's threads that are not deleted, archived ones or the others. */
export const ownThreads = ({ db }: Read, ownerId: string, isArchived: boolean) =>
  db
    .query("threads")
    .withIndex("by_ownerId_deletedAt_isArchived_isPinned_lastMessageAt", (range) =>
      range.eq("ownerId", ownerId).eq("deletedAt", undefined).eq("isArchived", isArchived),
    )
    .order("desc");

/** One page of the list, pinned threads first, then by the last movement. */
export const pageOfThreads = async (
  ctx: Read,
  ownerId: string,
  { isArchived, paginationOpts }: { isArchived: boolean; paginationOpts: PaginationOptions },
) => {
  const numItems = Math.min(paginationOpts.numItems, pageThreadsMax);
  const found = await ownThreads(ctx, ownerId, isArchived).paginate({ ...paginationOpts, numItems });
  return { ...found, page: found.page.map(toThreadView) };
};

/** Writes only where something was unread, so that looking at a thread wakes no subscription. */
export const markThreadRead = async (
  { db }: Pick<MutationCtx, "db">,
  thread: Doc<"threads">,
  now: number,
): Promise<void> => {
  if (isUnread(thread)) await db.patch(thread._id, { lastReadAt: Math.max(now, thread.lastAnswerAt ?? 0) });
};

export const threadAccessView = v.object({
  threadId: v.id("threads"),
  ownerId: v.string(),
  title: v.string(),
  isArchived: v.boolean(),
  hasOpenCode: v.boolean(),
});

export const threadAccess = async (
  ctx: Read,
  threadId: string,
  userId: string | undefined,
): Promise<Infer<typeof threadAccessView> | null> => {
  const thread = await findThread(ctx, threadId);
  if (thread === null || thread.deletedAt !== undefined) return null;
  const { _id, ownerId, title, isArchived } = thread;
  if (userId !== undefined && userId !== ownerId) return null;
  return { threadId: _id, ownerId, title, isArchived, hasOpenCode: await hasOpenCode(ctx, thread) };
};
