import type { DecideApproval, DecidedApproval, ProgramApproval } from "@threadbox/contracts/program-approval";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useEffect, useState } from "react";
import { failureWords, WireFailure } from "../errors/index.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { approvalTexts as texts } from "./texts.ts";

export type ApprovalView =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly approval: ProgramApproval };

const words = failureWords({
  saidByServer: new Set(["NotFound", "UpstreamError", "RateLimited"]),
  own: {},
  other: texts.decideFailed,
  reference: texts.reference,
});

const tellEnd = ({ state, words: why }: DecidedApproval): void => {
  if (state === "pending" || state === "applying") return;
  const description = why === null ? {} : { description: why };
  showToast({ title: texts.ends[state], ...description, durationMs: state === "failed" ? 15_000 : 5_000 });
};

export interface UseApproval {
  readonly view: ApprovalView;
  readonly look: () => void;
  readonly decision: DecideApproval["decision"] | null;
  readonly failure: string | null;
  readonly decide: (decision: DecideApproval["decision"]) => Promise<void>;
}

/** What a program asks, and the way to answer it. What is asked never changes. */
export const useApproval = (threadId: string, approvalId: string, isOnline: boolean): UseApproval => {
  const client = useApprovalsClient(threadId);
  const [view, setView] = useState<ApprovalView>({ kind: "loading" });
  const [looks, setLooks] = useState(0);
  const [decision, setDecision] = useState<DecideApproval["decision"] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `looks` asks for another look
  useEffect(() => {
    if (!isOnline) return;
    let isWanted = true;
    client.find(approvalId).then(
      (approval) => isWanted && setView({ kind: "known", approval }),
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
  const decide = async (wish: DecideApproval["decision"]) => {
    setDecision(wish);
    setFailure(null);
    try {
      tellEnd(await client.decide(approvalId, { decision: wish }));
    } catch (error) {
      setFailure(error instanceof WireFailure ? words(error) : texts.decideFailed);
      setDecision(null);
    }
  };
  return { view, look, decision, failure, decide };
};
