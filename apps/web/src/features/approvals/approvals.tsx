import type { PendingApproval } from "@threadbox/contracts/program-approval";
import { ApprovalCard } from "./approval-card.tsx";
import { QuestionCard } from "./question-card.tsx";
import { approvalTexts } from "./texts.ts";

export interface ApprovalsProps {
  readonly threadId: string;
  readonly pending: readonly PendingApproval[];
}

/** What programs of the thread ask, the oldest first. */
export default function Approvals({ threadId, pending }: ApprovalsProps) {
  const [first] = pending;
  if (first === undefined) return null;
  return (
    <>
      <p role="status" className="sr-only">
        {approvalTexts.unknown}
      </p>
      {first.kind === "question" ? (
        <QuestionCard key={first.approvalId} threadId={threadId} pending={first} />
      ) : (
        <ApprovalCard key={first.approvalId} threadId={threadId} pending={first} />
      )}
    </>
  );
}
