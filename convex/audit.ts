import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { serviceMutation, userQuery } from "./functions.ts";
import { appendAudit, pageOfAudit } from "./model/audit.ts";
import { auditFields, auditView } from "./model/auditValidators.ts";

export const append = serviceMutation({
  args: auditFields,
  returns: v.boolean(),
  handler: (ctx, row) => appendAudit(ctx, row, Date.now()),
});

/** What happened in the viewer's name, newest first. */
export const list = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(auditView),
  handler: (ctx, { paginationOpts }) => pageOfAudit(ctx, ctx.viewer.userId, paginationOpts),
});
