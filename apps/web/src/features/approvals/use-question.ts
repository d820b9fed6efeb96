import type { ProgramQuestion } from "@threadbox/contracts/program-approval";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useState } from "react";
import { type UseLook, useLook } from "../../lib/use-look.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { failureText } from "./failure-text.ts";
import { questionTexts as texts } from "./question-texts.ts";

export interface UseQuestion {
  readonly asked: UseLook<ProgramQuestion>;
  readonly isSending: boolean;
  readonly failure: string | null;
  /** Null: there will be no answer. */
  readonly answer: (text: string | null) => Promise<void>;
}

/** What a program asks, and the way to answer it. What is asked never changes. */
export const useQuestion = (threadId: string, approvalId: string, isOnline: boolean): UseQuestion => {
  const client = useApprovalsClient(threadId);
  const find = useCallback(() => client.findQuestion(approvalId), [client, approvalId]);
  const asked = useLook(find, null, isOnline);
  const [isSending, setIsSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const answer = async (text: string | null) => {
    setIsSending(true);
    setFailure(null);
    try {
      const { state, answer: known } = await client.answerQuestion(approvalId, { answer: text });
      const isOurs = known === text && (state === "answered" || state === "declined");
      if (!isOurs && state !== "pending") showToast({ title: texts.tooLate[state], durationMs: 5_000 });
    } catch (error) {
      setFailure(failureText(error));
      setIsSending(false);
    }
  };
  return { asked, isSending, failure, answer };
};
