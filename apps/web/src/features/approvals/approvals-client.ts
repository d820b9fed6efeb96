import { programApi } from "@threadbox/contracts/program-api";
import type {
  AnsweredQuestion,
  AnswerQuestion,
  DecideApproval,
  DecidedApproval,
  ProgramApproval,
  ProgramPolicy,
  ProgramQuestion,
} from "@threadbox/contracts/program-approval";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

/** What the worker knows and does of what programs ask; rejects with a WireFailure, or as `fetch` does. */
export interface ApprovalsClient {
  readonly find: (approvalId: string) => Promise<ProgramApproval>;
  readonly decide: (approvalId: string, wish: DecideApproval) => Promise<DecidedApproval>;
  readonly undo: (approvalId: string) => Promise<DecidedApproval>;
  readonly findQuestion: (approvalId: string) => Promise<ProgramQuestion>;
  readonly answerQuestion: (approvalId: string, wish: AnswerQuestion) => Promise<AnsweredQuestion>;
  readonly policy: () => Promise<ProgramPolicy>;
  readonly setPolicy: (policy: ProgramPolicy) => Promise<ProgramPolicy>;
}

export const useApprovalsClient = (threadId: string): ApprovalsClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const ask = async <A>(url: string, method: string, body?: object): Promise<A> =>
      (
        await threadFetch(tokens, threadId, url, {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      ).json();
    const { findApproval, decideApproval, undoApproval, findQuestion, answerQuestion, findPolicy, setPolicy } =
      programApi;
    return {
      find: (approvalId) => ask(workerUrl(findApproval, { threadId, approvalId }), findApproval.method),
      decide: (approvalId, wish) =>
        ask(workerUrl(decideApproval, { threadId, approvalId }), decideApproval.method, wish),
      undo: (approvalId) => ask(workerUrl(undoApproval, { threadId, approvalId }), undoApproval.method),
      findQuestion: (approvalId) => ask(workerUrl(findQuestion, { threadId, approvalId }), findQuestion.method),
      answerQuestion: (approvalId, wish) =>
        ask(workerUrl(answerQuestion, { threadId, approvalId }), answerQuestion.method, wish),
      policy: () => ask(workerUrl(findPolicy, { threadId }), findPolicy.method),
      setPolicy: (policy) => ask(workerUrl(setPolicy, { threadId }), setPolicy.method, policy),
    };
  }, [threadId, tokens]);
};
