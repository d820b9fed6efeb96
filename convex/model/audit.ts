import type { ObjectType } from "convex/values";
import type { MutationCtx } from "../_generated/server.js";
import type { auditFields } from "./auditValidators.ts";

/** Adds the row unless one of this id is there; rows are never changed. Answers whether it was added. */
export const appendAudit = async (
  { db }: Pick<MutationCtx, "db">,
  row: ObjectType<typeof auditFields>,
): Promise<boolean> => {
  const known = await db
    .query("audit")
    .withIndex("by_auditId", (range) => range.eq("auditId", row.auditId))
    .unique();
  if (known === null) await db.insert("audit", row);
  return known === null;
};
