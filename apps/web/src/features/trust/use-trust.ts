import { computerApi } from "@threadbox/contracts/computer-api";
import type { WorkspaceTrust } from "@threadbox/contracts/repository";
import { useCallback, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { asWireFailure, failureWords } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { trustTexts as texts } from "./texts.ts";

export interface UseTrust {
  /** Null until it is known. */
  readonly trust: WorkspaceTrust | null;
  readonly isChanging: boolean;
  /** Why it can't be told, or wasn't changed, in a sentence. */
  readonly failure: string | null;
  readonly look: () => void;
  readonly change: (isTrusted: boolean) => void;
}

const wordsOr = (other: string) =>
  failureWords({
    saidByServer: new Set(["AlreadyRunning", "SandboxUnavailable", "RateLimited"]),
    own: { StoreUnavailable: texts.unreachable, UpstreamError: texts.unreachable, UpstreamTimeout: texts.unreachable },
    other,
    reference: texts.reference,
  });
const [lookWords, changeWords] = [wordsOr(texts.unknown), wordsOr(texts.unchanged)];

/** Whether this thread's workspace is trusted. `known`: what has been heard of it already. */
export const useTrust = (threadId: string, known: WorkspaceTrust | null): UseTrust => {
  const tokens = useThreadTokens();
  const [trust, setTrust] = useState(known);
  const [isChanging, setIsChanging] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const ask = useCallback(
    async (isTrusted: boolean | null) => {
      const route = computerApi[isTrusted === null ? "readTrust" : "setTrust"];
      const body = isTrusted === null ? {} : { body: JSON.stringify({ isTrusted }) };
      setFailure(null);
      try {
        const answer = await threadFetch(tokens, threadId, workerUrl(route, { threadId }), {
          method: route.method,
          ...body,
        });
        setTrust(await answer.json());
      } catch (error) {
        setFailure((isTrusted === null ? lookWords : changeWords)(asWireFailure(error)));
      }
    },
    [tokens, threadId],
  );
  const isKnown = known !== null;
  useEffect(() => {
    if (!isKnown) void ask(null);
  }, [isKnown, ask]);
  return {
    trust,
    isChanging,
    failure,
    look: () => void ask(null),
    change: (isTrusted) => {
      setIsChanging(true);
      void ask(isTrusted).finally(() => setIsChanging(false));
    },
  };
};
