import type { ObjectType } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { appendAudit } from "./audit.ts";
import type { sandboxProjectionFields } from "./sandboxValidators.ts";

type Projection = ObjectType<typeof sandboxProjectionFields>;

/** What a state says to the audit; sleeping and being busy are everyday life. */
const actions: Readonly<Partial<Record<Projection["status"], string>>> = {
  ready: "sandbox.started",
  busy: "sandbox.started",
  failed: "sandbox.failed",
  destroyed: "sandbox.destroyed",
};

/** Each is said once of a generation, in its owner's name, in the transaction that changes what the owner sees. */
export const auditSandbox = async (
  ctx: Pick<MutationCtx, "db">,
  { ownerId }: Pick<Doc<"threads">, "ownerId">,
  { threadId, generation, status, reason, since }: Projection,
  now: number,
): Promise<void> => {
  const action = actions[status];
  if (action === undefined) return;
  const row = { auditId: `${action}:${threadId}:${generation}`, at: since, actorId: ownerId, action, threadId };
  const isFailed = status === "failed";
  await appendAudit(ctx, { ...row, outcome: isFailed ? "failed" : "succeeded", ...(isFailed ? { reason } : {}) }, now);
};
