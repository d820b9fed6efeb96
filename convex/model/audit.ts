import type { PaginationOptions } from "convex/server";
import type { Infer, ObjectType } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { adminAuditView, auditFields, auditView } from "./auditValidators.ts";

type AuditRow = ObjectType<typeof auditFields>;
type Write = Pick<MutationCtx, "db">;

/** How long a row is kept. */
const keptMs = 90 * 24 * 60 * 60_000;
/** More than one append adds, so that whatever was left behind is caught up with. */
const expiredPerAppend = 4;
const minuteMs = 60_000;
const pageRowsMax = 100;

const findRow = ({ db }: Write, auditId: string): Promise<Doc<"audit"> | null> =>
  db
    .query("audit")
    .withIndex("by_auditId", (range) => range.eq("auditId", auditId))
    .unique();

/** Adds a row, and takes away some of those that are past their time. */
const insertRow = async ({ db }: Write, row: AuditRow, now: number): Promise<void> => {
  const expired = await db
    .query("audit")
    .withIndex("by_creation_time", (range) => range.lt("_creationTime", now - keptMs))
    .take(expiredPerAppend);
  for (const { _id } of expired) await db.delete(_id);
  await db.insert("audit", row);
};

/** Adds the worker's row, or lets the count of the one of this id grow; nothing else of a row ever changes. */
export const appendAudit = async (ctx: Write, row: AuditRow, now: number): Promise<boolean> => {
  const known = await findRow(ctx, row.auditId);
  if (known === null) {
    await insertRow(ctx, row, now);
    return true;
  }
  const count = row.count ?? 1;
  if (count <= (known.count ?? 1)) return false;
  await ctx.db.patch(known._id, { count });
  return true;
};

/** What a user did here, in the transaction that does it. Within a minute the same deed is one row with a count. */
export const auditDeed = async (
  ctx: Write,
  deed: Pick<AuditRow, "action" | "threadId" | "reason"> & { readonly actorId: string },
  now: number,
): Promise<void> => {
  const auditId = [deed.action, deed.actorId, deed.threadId ?? "", Math.floor(now / minuteMs)].join(":");
  const known = await findRow(ctx, auditId);
  if (known === null) await insertRow(ctx, { ...deed, auditId, at: now, outcome: "succeeded" }, now);
  else await ctx.db.patch(known._id, { count: (known.count ?? 1) + 1 });
};

const toAdminAuditView = (document: Doc<"audit">): Infer<typeof adminAuditView> => {
  const { _id, _creationTime, auditId, ...row } = document;
  return { ...row, count: row.count ?? 1 };
};

const toAuditView = (document: Doc<"audit">): Infer<typeof auditView> => {
  const { actorId, ...view } = toAdminAuditView(document);
  return view;
};

const bounded = (paginationOpts: PaginationOptions): PaginationOptions => ({
  ...paginationOpts,
  numItems: Math.min(paginationOpts.numItems, pageRowsMax),
});

/** What happened in the name of this user, newest first. */
export const pageOfAudit = async ({ db }: Pick<QueryCtx, "db">, actorId: string, paginationOpts: PaginationOptions) => {
  const found = await db
    .query("audit")
    .withIndex("by_actorId_and_at", (range) => range.eq("actorId", actorId))
    .order("desc")
    .paginate(bounded(paginationOpts));
  return { ...found, page: found.page.map(toAuditView) };
};

/** What happened in anybody's name, newest first. */
export const pageOfAllAudit = async ({ db }: Pick<QueryCtx, "db">, paginationOpts: PaginationOptions) => {
  const found = await db.query("audit").order("desc").paginate(bounded(paginationOpts));
  return { ...found, page: found.page.map(toAdminAuditView) };
};
