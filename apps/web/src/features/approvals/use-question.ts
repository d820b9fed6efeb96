import type { ProgramQuestion } from "@threadbox/contracts/program-approval";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useEffect, useState } from "react";
import { failureWords, WireFailure } from "../errors/index.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { questionTexts as texts } from "./question-texts.ts";

type QuestionView =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly question: ProgramQuestion };

const words = failureWords({
  saidByServer: new Set(["NotFound", "UpstreamError", "RateLimited"]),
  own: {},
  other: texts.answerFailed,
  reference: texts.reference,
});

export interface UseQuestion {
  readonly view: QuestionView;
  readonly look: () => void;
  readonly isSending: boolean;
  readonly failure: string | null;
  /** Null: there will be no answer. */
  readonly answer: (text: string | null) => Promise<void>;
}

/** What a program asks, and the way to answer it. What is asked never changes. */
export const useQuestion = (threadId: string, approvalId: string, isOnline: boolean): UseQuestion => {
  const client = useApprovalsClient(threadId);
  const [view, setView] = useState<QuestionView>({ kind: "loading" });
  const [looks, setLooks] = useState(0);
  const [isSending, setIsSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `looks` asks for another look
  useEffect(() => {
    if (!isOnline) return;
    let isWanted = true;
    client.findQuestion(approvalId).then(
      (question) => isWanted && setView({ kind: "known", question }),
      () => isWanted && setView((now) => (now.kind === "known" ? now : { kind: "failed" })),
    );
    return () => {
      isWanted = false;
    };
  }, [client, approvalId, isOnline, looks]);
  const look = useCallback(() => {
    setView({ kind: "loading" });
    setLooks((count) => count + 1);
  }, []);
  const answer = async (text: string | null) => {
    setIsSending(true);
    setFailure(null);
    try {
      const { state, answer: known } = await client.answerQuestion(approvalId, { answer: text });
      const isOurs = known === text && (state === "answered" || state === "declined");
      if (!isOurs && state !== "pending") showToast({ title: texts.tooLate[state], durationMs: 5_000 });
    } catch (error) {
      setFailure(error instanceof WireFailure ? words(error) : texts.answerFailed);
      setIsSending(false);
    }
  };
  return { view, look, isSending, failure, answer };
};
