import { v } from "convex/values";

export const auditFields = {
  /** Chosen by the writer; a second append with the same id changes nothing. */
  auditId: v.string(),
  /** Milliseconds since 1970, by the writer's clock. */
  at: v.number(),
  /** The user in whose name it happened, or the service identity's subject. */
  actorId: v.string(),
  /** What happened, past tense, e.g. "sandbox.restarted". */
  action: v.string(),
  outcome: v.union(v.literal("succeeded"), v.literal("refused"), v.literal("failed")),
  threadId: v.optional(v.string()),
  requestId: v.optional(v.string()),
  /** One plain sentence; never a secret's value. */
  reason: v.optional(v.string()),
};
