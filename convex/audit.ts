import { v } from "convex/values";
import { serviceMutation } from "./functions.ts";
import { appendAudit } from "./model/audit.ts";
import { auditFields } from "./model/auditValidators.ts";

export const append = serviceMutation({
  args: auditFields,
  returns: v.boolean(),
  handler: (ctx, row) => appendAudit(ctx, row),
});
