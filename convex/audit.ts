import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { adminQuery, serviceMutation, userQuery } from "./functions.ts";
import { appendAudit, pageOfAllAudit, pageOfAudit } from "./model/audit.ts";
import { adminAuditView, auditFields, auditView } from "./model/auditValidators.ts";

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

/** What happened in everybody's name and in nobody's, newest first. */
export const listAll = adminQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(adminAuditView),
  handler: (ctx, { paginationOpts }) => pageOfAllAudit(ctx, paginationOpts),
});
