import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { internalMutation, serviceMutation, serviceQuery, userMutation, userQuery } from "./functions.ts";
import { activityFields, setActivity as applyActivity } from "./model/activity.ts";
import { deleteThread, purgeThread, restoreThread } from "./model/deletion.ts";
import { createNamedThread, removeNamedThread } from "./model/namedThreads.ts";
import { besideResults, searchBeside as findBeside } from "./model/ownerSearch.ts";
import { searchThreads } from "./model/threadSearch.ts";
import {
  createThread,
  findNamed,
  markThreadRead,
  pageOfThreads,
  requireOwnThread,
  threadAccess,
  threadAccessView,
} from "./model/threads.ts";
import { threadView, toThreadView } from "./model/threadViews.ts";
import { chosenTitle } from "./model/titles.ts";
import { offUnless } from "./model/users.ts";

const ofThread = { threadId: v.string() };

/** The viewer's threads: pinned first, then the one that moved last. */
export const list = userQuery({
  args: { isArchived: v.boolean(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(threadView),
  handler: (ctx, { isArchived, paginationOpts }) =>
    pageOfThreads(ctx, ctx.viewer.userId, { isArchived, paginationOpts }),
});

/** By title, archived ones too. `isPartial`: there may be more than is shown. */
export const search = userQuery({
  args: { text: v.string() },
  returns: v.object({ threads: v.array(threadView), isPartial: v.boolean() }),
  handler: (ctx, { text }) => searchThreads(ctx, ctx.viewer.userId, text),
});

export const get = userQuery({
  args: ofThread,
  returns: threadView,
  handler: async (ctx, { threadId }) => toThreadView(await requireOwnThread(ctx, threadId)),
});

export const create = userMutation({
  args: {},
  returns: v.id("threads"),
  handler: (ctx) => createThread(ctx, ctx.viewer.userId, Date.now()),
});

export const rename = userMutation({
  args: { ...ofThread, title: v.string() },
  returns: v.null(),
  handler: async (ctx, { threadId, title }) => {
    const thread = await requireOwnThread(ctx, threadId);
    await ctx.db.patch(thread._id, { title: chosenTitle(title), isTitleCustom: true });
    return null;
  },
});

export const setPinned = userMutation({
  args: { ...ofThread, isPinned: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { threadId, isPinned }) => {
    const thread = await requireOwnThread(ctx, threadId);
    await ctx.db.patch(thread._id, { isPinned });
    return null;
  },
});

export const setArchived = userMutation({
  args: { ...ofThread, isArchived: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { threadId, isArchived }) => {
    const thread = await requireOwnThread(ctx, threadId);
    await ctx.db.patch(thread._id, { isArchived });
    return null;
  },
});

/** Turns OpenCode's own page on or off in this thread. */
export const setOpenCode = userMutation({
  args: { ...ofThread, isOn: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { threadId, isOn }) => {
    const thread = await requireOwnThread(ctx, threadId);
    await ctx.db.patch(thread._id, offUnless(isOn));
    return null;
  },
});

/** Hides the thread at once and removes it for good 30 s later, unless `restore` is called before. */
export const remove = userMutation({
  args: ofThread,
  returns: v.null(),
  handler: async (ctx, { threadId }) => {
    await deleteThread(ctx, await requireOwnThread(ctx, threadId), Date.now());
    return null;
  },
});

export const restore = userMutation({
  args: ofThread,
  returns: v.null(),
  handler: async (ctx, { threadId }) => {
    await restoreThread(ctx, threadId, Date.now());
    return null;
  },
});

export const markRead = userMutation({
  args: ofThread,
  returns: v.null(),
  handler: async (ctx, { threadId }) => {
    await markThreadRead(ctx, await requireOwnThread(ctx, threadId), Date.now());
    return null;
  },
});

/** Who owns the thread; null for a missing or deleted one and, where a user is named, for everybody else's. */
export const access = serviceQuery({
  args: { ...ofThread, userId: v.optional(v.string()) },
  returns: v.union(threadAccessView, v.null()),
  handler: (ctx, { threadId, userId }) => threadAccess(ctx, threadId, userId),
});

/** What the owner of this thread has written and been answered, for a program of the thread. */
export const searchBeside = serviceQuery({
  args: { ...ofThread, text: v.string() },
  returns: besideResults,
  handler: (ctx, { threadId, text }) => findBeside(ctx, threadId, text),
});

/** The thread that another program calls so. */
export const named = serviceQuery({
  args: { sandboxId: v.string() },
  returns: v.union(v.object({ threadId: v.id("threads"), ownerId: v.string() }), v.null()),
  handler: async (ctx, { sandboxId }) => {
    const thread = await findNamed(ctx, sandboxId);
    return thread === null ? null : { threadId: thread._id, ownerId: thread.ownerId };
  },
});

/** A thread of that owner, under a name of the program that asks for it; false where a thread has that name. */
export const createNamed = serviceMutation({
  args: { sandboxId: v.string(), ownerId: v.string() },
  returns: v.boolean(),
  handler: (ctx, name) => createNamedThread(ctx, name, Date.now()),
});

/** What the owner's `remove` does, for a program; false where it has happened. */
export const removeNamed = serviceMutation({
  args: ofThread,
  returns: v.boolean(),
  handler: (ctx, { threadId }) => removeNamedThread(ctx, threadId, Date.now()),
});

export const setActivity = serviceMutation({
  args: activityFields,
  returns: v.boolean(),
  handler: (ctx, report) => applyActivity(ctx, report),
});

export const purge = internalMutation({
  args: { threadId: v.id("threads"), deletedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { threadId, deletedAt }) => {
    await purgeThread(ctx, threadId, deletedAt);
    return null;
  },
});
