import { useCallback, useEffect, useState } from "react";
import { pageConfig } from "../../../lib/request.ts";
import { WireFailure } from "../../errors/index.ts";
import { useThreadTokens } from "../../thread-token/index.ts";
import { fetchHistory } from "./history.ts";
import type { ChatMessage } from "./message-view.ts";

export type HistoryState =
  | { readonly kind: "loading" }
  /** The server refuses, and asking again changes nothing. */
  | { readonly kind: "refused"; readonly failure: WireFailure }
  | { readonly kind: "loaded"; readonly messages: ChatMessage[] };

export interface History {
  readonly state: HistoryState;
  /** Reads it again, for after a gap in the connection. */
  readonly refetch: () => Promise<ChatMessage[]>;
}

const firstRetryMs = 1_000;
const retryMsMax = 15_000;

/**
 * The transcript as the server has it when it is first wanted; a server that does not answer is asked until it does.
 */
export const useHistory = (threadId: string, isWanted: boolean): History => {
  const tokens = useThreadTokens();
  const [state, setState] = useState<HistoryState>({ kind: "loading" });
  const refetch = useCallback(
    (signal?: AbortSignal) =>
      tokens.use(threadId, (token) => fetchHistory(pageConfig().workerUrl, threadId, token, signal)),
    [threadId, tokens],
  );

  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (retryMs: number) => {
      refetch(abort.signal).then(
        (messages) => setState({ kind: "loaded", messages }),
        (error: unknown) => {
          if (abort.signal.aborted) return;
          if (error instanceof WireFailure && !error.isRetryable) setState({ kind: "refused", failure: error });
          else timer = setTimeout(() => load(Math.min(retryMs * 2, retryMsMax)), retryMs);
        },
      );
    };
    load(firstRetryMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [isWanted, refetch]);

  return { state, refetch };
};
