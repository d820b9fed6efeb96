import { type ObjectType, v } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { findThread } from "./threads.ts";
import { threadActivity } from "./turnValidators.ts";

export const activityFields = {
  threadId: v.string(),
  activity: threadActivity,
  /** Milliseconds since 1970, by the worker's clock, at which this activity began. */
  since: v.number(),
  /** The turn it speaks of. */
  turnId: v.optional(v.string()),
  /** Which model answers, as the composer shows it. */
  modelLabel: v.optional(v.string()),
};
type Activity = ObjectType<typeof activityFields>;

const progress = { idle: 0, queued: 1, running: 2, waiting: 2, settled: 3, failed: 3, interrupted: 3 } as const;

/** A report that began earlier is late news; of two that began at once, the one further on stands. */
const isLate = (thread: Doc<"threads">, report: Activity): boolean =>
  report.since < thread.activitySince ||
  (report.since === thread.activitySince && progress[report.activity] < progress[thread.activity]);

/** Answers whether the thread now shows this activity; a late report and a purged thread are no error. */
export const setActivity = async (ctx: MutationCtx, report: Activity): Promise<boolean> => {
  const thread = await findThread(ctx, report.threadId);
  if (thread === null || isLate(thread, report)) return false;
  const isActive = ["queued", "running", "waiting"].includes(report.activity);
  await ctx.db.patch(thread._id, {
    activity: report.activity,
    activitySince: report.since,
    activeTurnId: isActive ? report.turnId : undefined,
    ...(report.modelLabel === undefined ? {} : { modelLabel: report.modelLabel }),
  });
  return true;
};
