import { journalLimits } from "@threadbox/contracts/journal";
import type { PaginationOptions } from "convex/server";
import type { Infer, ObjectType } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { journalRowFields, journalView } from "./journalValidators.ts";
import { findThread } from "./threads.ts";

type Row = ObjectType<typeof journalRowFields>;

/** More than one append adds, so that whatever was left behind is caught up with. */
const trimmedPerAppend = 4;
const removedAtOnce = 500;

const ofThread = ({ db }: Pick<QueryCtx, "db">, threadId: Id<"threads">) =>
  db.query("journal").withIndex("by_threadId_and_ordinal", (range) => range.eq("threadId", threadId));

/** The number of the next entry; takes away some of those that are too old to be kept beside it. */
const nextOrdinal = async (ctx: Pick<MutationCtx, "db">, threadId: Id<"threads">): Promise<number> => {
  const newest = await ofThread(ctx, threadId).order("desc").first();
  const ordinal = (newest?.ordinal ?? -1) + 1;
  const surplus = await ctx.db
    .query("journal")
    .withIndex("by_threadId_and_ordinal", (range) =>
      range.eq("threadId", threadId).lte("ordinal", ordinal - journalLimits.entriesMax),
    )
    .take(trimmedPerAppend);
  for (const { _id } of surplus) await ctx.db.delete(_id);
  return ordinal;
};

/** Adds an entry, or changes the one of this id; false for what is no news and for a thread that was purged. */
export const appendEntry = async (
  ctx: MutationCtx,
  { threadId: id, ...row }: Row & { readonly threadId: string },
): Promise<boolean> => {
  const thread = await findThread(ctx, id);
  if (thread === null) return false;
  const threadId = thread._id;
  const known = await ctx.db
    .query("journal")
    .withIndex("by_threadId_and_entryId", (range) => range.eq("threadId", threadId).eq("entryId", row.entryId))
    .unique();
  if (known !== null) {
    if (row.revision <= known.revision) return false;
    await ctx.db.replace(known._id, { threadId, ordinal: known.ordinal, ...row });
    return true;
  }
  await ctx.db.insert("journal", { threadId, ordinal: await nextOrdinal(ctx, threadId), ...row });
  return true;
};

const toView = ({ _id, _creationTime, threadId, ordinal, ...view }: Doc<"journal">): Infer<typeof journalView> => view;

/** The thread's entries, of one kind or of all, the latest first. */
export const pageOfJournal = async (
  { db }: Pick<QueryCtx, "db">,
  threadId: Id<"threads">,
  { kind, paginationOpts }: { readonly kind?: string | undefined; readonly paginationOpts: PaginationOptions },
) => {
  const entries = db.query("journal");
  const range =
    kind === undefined
      ? entries.withIndex("by_threadId_and_at", (at) => at.eq("threadId", threadId))
      : entries.withIndex("by_threadId_and_kind_and_at", (at) => at.eq("threadId", threadId).eq("kind", kind));
  const numItems = Math.min(paginationOpts.numItems, journalLimits.pageEntriesMax);
  const found = await range.order("desc").paginate({ ...paginationOpts, numItems });
  return { ...found, page: found.page.map(toView) };
};

/** Takes away some of a thread's entries, and answers whether that was all of them. */
export const removeEntries = async (ctx: Pick<MutationCtx, "db">, threadId: Id<"threads">): Promise<boolean> => {
  const entries = await ofThread(ctx, threadId).take(removedAtOnce);
  for (const { _id } of entries) await ctx.db.delete(_id);
  return entries.length < removedAtOnce;
};
