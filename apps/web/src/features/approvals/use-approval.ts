import type { DecideApproval, DecidedApproval, ProgramApproval } from "@threadbox/contracts/program-approval";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useState } from "react";
import { type UseLook, useLook } from "../../lib/use-look.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { failureText } from "./failure-text.ts";
import { approvalTexts as texts } from "./texts.ts";

const tellEnd = ({ state, words: why }: DecidedApproval): void => {
  if (state === "pending" || state === "applying") return;
  const description = why === null ? {} : { description: why };
  showToast({ title: texts.ends[state], ...description, durationMs: state === "failed" ? 15_000 : 5_000 });
};

export interface UseApproval {
  readonly asked: UseLook<ProgramApproval>;
  readonly decision: DecideApproval["decision"] | null;
  readonly failure: string | null;
  readonly decide: (decision: DecideApproval["decision"]) => Promise<void>;
}

/** What a program would do, and the way to let or not let it. What is asked never changes. */
export const useApproval = (threadId: string, approvalId: string, isOnline: boolean): UseApproval => {
  const client = useApprovalsClient(threadId);
  const find = useCallback(() => client.find(approvalId), [client, approvalId]);
  const asked = useLook(find, null, isOnline);
  const [decision, setDecision] = useState<DecideApproval["decision"] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const decide = async (wish: DecideApproval["decision"]) => {
    setDecision(wish);
    setFailure(null);
    try {
      tellEnd(await client.decide(approvalId, { decision: wish }));
    } catch (error) {
      setFailure(failureText(error));
      setDecision(null);
    }
  };
  return { asked, decision, failure, decide };
};
