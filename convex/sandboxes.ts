import { v } from "convex/values";
import { adminQuery, serviceMutation, serviceQuery, userQuery } from "./functions.ts";
import { findRunning, findSandbox, ownedBy, reportSandbox, toSandboxProjection } from "./model/sandboxes.ts";
import { ownedSandboxView, sandboxProjectionFields } from "./model/sandboxValidators.ts";
import { requireOwnThread } from "./model/threads.ts";

/** Null while the thread never needed a sandbox. */
export const get = userQuery({
  args: { threadId: v.string() },
  returns: v.union(v.object(sandboxProjectionFields), v.null()),
  handler: async (ctx, { threadId }) => {
    const thread = await requireOwnThread(ctx, threadId);
    const sandbox = await findSandbox(ctx, thread._id);
    return sandbox === null ? null : toSandboxProjection(sandbox);
  },
});

export const report = serviceMutation({
  args: sandboxProjectionFields,
  returns: v.boolean(),
  handler: (ctx, projection) => reportSandbox(ctx, projection, Date.now()),
});

/** Those that run and whose they are; the newest first, 200 at most. Of what the threads are about nothing. */
export const listRunning = adminQuery({
  args: {},
  returns: v.array(ownedSandboxView),
  handler: async (ctx) => ownedBy(ctx, await findRunning(ctx)),
});

/** Threads whose sandboxes run, 200 at most. */
export const running = serviceQuery({
  args: {},
  returns: v.array(v.string()),
  handler: async (ctx) => (await findRunning(ctx)).map(({ threadId }) => threadId),
});
