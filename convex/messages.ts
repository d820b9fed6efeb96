import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { internalMutation, serviceMutation, userQuery } from "./functions.ts";
import { pageOfBranch } from "./model/branches.ts";
import { fillOwners as fillMessageOwners } from "./model/messageOwners.ts";
import { searchAll, searchResults } from "./model/messageSearch.ts";
import { removeMessages, selectBranch, selectionFields, truncateMessages, truncationFields } from "./model/messages.ts";
import { messageView } from "./model/messageValidators.ts";
import { projectionFields, projectMessage } from "./model/projection.ts";
import { requireOwnThread } from "./model/threads.ts";

/** Settled messages of the selected branch, newest first. */
export const list = userQuery({
  args: { threadId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(messageView),
  handler: async (ctx, { threadId, paginationOpts }) => {
    const thread = await requireOwnThread(ctx, threadId);
    return await pageOfBranch(ctx, thread, paginationOpts);
  },
});

/** Titles and texts of the viewer's threads, archived ones too: what the last word begins is found already. */
export const search = userQuery({
  args: { text: v.string() },
  returns: searchResults,
  handler: (ctx, { text }) => searchAll(ctx, ctx.viewer.userId, text),
});

export const project = serviceMutation({
  args: projectionFields,
  returns: v.boolean(),
  handler: (ctx, message) => projectMessage(ctx, message, Date.now()),
});

export const select = serviceMutation({
  args: selectionFields,
  returns: v.boolean(),
  handler: (ctx, selection) => selectBranch(ctx, selection),
});

export const truncate = serviceMutation({
  args: truncationFields,
  returns: v.boolean(),
  handler: (ctx, truncation) => truncateMessages(ctx, truncation, Date.now()),
});

/** What a truncation or a purge could not remove in its own transaction. */
export const removeRest = internalMutation({
  args: { threadId: v.id("threads"), fromPosition: v.number(), before: v.number() },
  returns: v.null(),
  handler: async (ctx, rest) => {
    const isDone = await removeMessages(ctx, rest);
    if (!isDone) await ctx.scheduler.runAfter(0, internal.messages.removeRest, rest);
    return null;
  },
});

/** Lets searches find messages that were stored before they said whose they are. */
export const fillOwners = internalMutation({
  args: { cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { cursor }) => {
    await fillMessageOwners(ctx, cursor);
    return null;
  },
});
