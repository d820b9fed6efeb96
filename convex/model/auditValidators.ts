import { v } from "convex/values";

const outcome = v.union(v.literal("succeeded"), v.literal("refused"), v.literal("failed"));

export const auditFields = {
  /** Chosen by the writer: the same for what is to be one row. */
  auditId: v.string(),
  /** Milliseconds since 1970, by the writer's clock: the first time, where there were more. */
  at: v.number(),
  /** The user in whose name it happened, as verified; absent where nobody was. */
  actorId: v.optional(v.string()),
  /** What happened, past tense, e.g. "sandbox.restarted". */
  action: v.string(),
  outcome,
  /** Of a refusal: its row of the error table. */
  tag: v.optional(v.string()),
  /** How often it happened, at least; absent: once. */
  count: v.optional(v.number()),
  threadId: v.optional(v.string()),
  /** Of the first time. */
  requestId: v.optional(v.string()),
  /** One plain sentence; never a secret's value. */
  reason: v.optional(v.string()),
};

const viewFields = {
  at: v.number(),
  action: v.string(),
  outcome,
  count: v.number(),
  tag: v.optional(v.string()),
  threadId: v.optional(v.string()),
  requestId: v.optional(v.string()),
  reason: v.optional(v.string()),
};

/** What a user sees of a row of their own. */
export const auditView = v.object(viewFields);

/** What an admin sees of any row. */
export const adminAuditView = v.object({ ...viewFields, actorId: v.optional(v.string()) });
