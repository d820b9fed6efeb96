import type { Infer, ObjectType } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { auditSandbox } from "./sandboxAudit.ts";
import type { ownedSandboxView, sandboxProjectionFields } from "./sandboxValidators.ts";
import { findThread } from "./threads.ts";
import { findUser } from "./users.ts";

type Projection = ObjectType<typeof sandboxProjectionFields>;

const runningStatuses = ["busy", "napping", "ready", "starting"] as const;
const runningShownMax = 200;

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
const isLate = (known: Doc<"sandboxes">, report: Projection): boolean => {
  if (report.generation !== known.generation) return report.generation < known.generation;
  if (report.since !== known.since) return report.since < known.since;
  return (report.saves?.revision ?? 0) < (known.saves?.revision ?? 0);
};

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

/** Sandboxes with processes, as far as Convex has heard: the newest first. */
export const findRunning = async ({ db }: Pick<QueryCtx, "db">): Promise<Doc<"sandboxes">[]> => {
  const found = await Promise.all(
    runningStatuses.map((status) =>
      db
        .query("sandboxes")
        .withIndex("by_status", (range) => range.eq("status", status))
        .order("desc")
        .take(runningShownMax),
    ),
  );
  return found
    .flat()
    .sort((a, b) => b._creationTime - a._creationTime)
    .slice(0, runningShownMax);
};

export const ownedBy = (
  ctx: Pick<QueryCtx, "db">,
  sandboxes: readonly Doc<"sandboxes">[],
): Promise<Infer<typeof ownedSandboxView>[]> =>
  Promise.all(
    sandboxes.map(async (sandbox) => {
      const thread = await ctx.db.get(sandbox.threadId);
      const user = thread === null ? null : await findUser(ctx, thread.ownerId);
      const owner = user === null ? null : { name: user.name, email: user.email };
      return { ...toSandboxProjection(sandbox), owner };
    }),
  );
