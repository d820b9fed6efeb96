import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ApprovalId, DecideApproval, PendingApproval } from "@threadbox/contracts/program-approval";
import { expect } from "vitest";
import { programApprovalsRef } from "./refs.ts";

const none = "none" as ApprovalId;

/** What waits in a thread, once so much does, as every tab of it is shown. */
export const pendingOf = async (threadId: ThreadId, count = 1): Promise<readonly PendingApproval[]> => {
  const look = () => runInDurableObject(env.THREAD_AGENT.getByName(threadId), ({ state }) => state.approvals ?? []);
  await expect.poll(async () => (await look()).length).toBe(count);
  return look();
};

export const seeApproval = (threadId: ThreadId, approvalId: ApprovalId = none) =>
  programApprovalsRef(env, threadId).view(approvalId);

export const decide = (
  threadId: ThreadId,
  approvalId: ApprovalId = none,
  decision: DecideApproval["decision"] = "once",
) =>
  programApprovalsRef(env, threadId).decide(
    approvalId,
    { decision },
    { userId: UserId.make("user_who_decides"), requestId: crypto.randomUUID() },
  );
