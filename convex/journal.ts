import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { internalMutation, serviceMutation, userQuery } from "./functions.ts";
import { appendEntry, pageOfJournal, removeEntries } from "./model/journal.ts";
import { journalRowFields, journalView } from "./model/journalValidators.ts";
import { requireOwnThread } from "./model/threads.ts";

export const append = serviceMutation({
  args: { threadId: v.string(), ...journalRowFields },
  returns: v.boolean(),
  handler: (ctx, entry) => appendEntry(ctx, entry),
});

/** What happened on the thread's computer, the latest first; of one kind, where that is named. */
export const list = userQuery({
  args: { threadId: v.string(), kind: v.optional(v.string()), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(journalView),
  handler: async (ctx, { threadId, ...wish }) => pageOfJournal(ctx, (await requireOwnThread(ctx, threadId))._id, wish),
});

/** The entries of a thread that was purged, in as many steps as they take. */
export const removeRest = internalMutation({
  args: { threadId: v.id("threads") },
  returns: v.null(),
  handler: async (ctx, { threadId }) => {
    const isDone = await removeEntries(ctx, threadId);
    if (!isDone) await ctx.scheduler.runAfter(0, internal.journal.removeRest, { threadId });
    return null;
  },
});
