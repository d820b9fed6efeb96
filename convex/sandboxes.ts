import { v } from "convex/values";
import { serviceMutation, userQuery } from "./functions.ts";
import { findSandbox, reportSandbox, toSandboxProjection } from "./model/sandboxes.ts";
import { sandboxProjectionFields } from "./model/sandboxValidators.ts";
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
