import type { ObjectType } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { auditSandbox } from "./sandboxAudit.ts";
import type { sandboxProjectionFields } from "./sandboxValidators.ts";
import { findThread } from "./threads.ts";

type Projection = ObjectType<typeof sandboxProjectionFields>;

export const findSandbox = ({ db }: Pick<QueryCtx, "db">, threadId: Id<"threads">): Promise<Doc<"sandboxes"> | null> =>
  db
    .query("sandboxes")
    .withIndex("by_threadId", (range) => range.eq("threadId", threadId))
    .unique();

export const toSandboxProjection = (sandbox: Doc<"sandboxes">): Projection => {
  const { _id, _creationTime, ...projection } = sandbox;
  return projection;
};

/** Whether a report speaks of an older generation, or of an earlier moment of the same one. */
const isLate = (known: Doc<"sandboxes">, report: Projection): boolean =>
  report.generation < known.generation || (report.generation === known.generation && report.since < known.since);

/** Answers whether the thread now shows this report; a late one and a purged thread are no error. */
export const reportSandbox = async (ctx: MutationCtx, report: Projection, now: number): Promise<boolean> => {
  const thread = await findThread(ctx, report.threadId);
  if (thread === null) return false;
  const known = await findSandbox(ctx, thread._id);
  if (known !== null && isLate(known, report)) return false;
  const row = { ...report, threadId: thread._id };
  if (known === null) await ctx.db.insert("sandboxes", row);
  else await ctx.db.replace(known._id, row);
  await auditSandbox(ctx, thread, report, now);
  return true;
};
