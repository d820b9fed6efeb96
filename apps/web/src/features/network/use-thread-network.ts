import type { ChangeThreadNetwork, ThreadNetwork } from "@threadbox/contracts/egress-policy";
import { useCallback, useEffect, useState } from "react";
import { pageConfig } from "../../lib/request.ts";
import { useOnline } from "../../lib/use-online.ts";
import { failureWords, WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { networkTexts } from "./texts.ts";

/** Which hosts the thread may reach, as far as is known. */
export type NetworkState =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly network: ThreadNetwork };

export interface UseThreadNetwork {
  readonly state: NetworkState;
  readonly look: () => void;
  /** Resolves to null, or to what a person reads where nothing was changed. */
  readonly change: (wish: ChangeThreadNetwork) => Promise<string | null>;
}

const words = failureWords({
  saidByServer: new Set(["QuotaExceeded", "UpstreamError", "RateLimited"]),
  own: {},
  other: networkTexts.changeFailed,
  reference: networkTexts.reference,
});

/** Reads the thread's policy once, and again after each change: nobody but its owner, and seldom an admin, changes it. */
export const useThreadNetwork = (threadId: string): UseThreadNetwork => {
  const tokens = useThreadTokens();
  const isOnline = useOnline();
  const [looks, setLooks] = useState(0);
  const [state, setState] = useState<NetworkState>({ kind: "loading" });
  const ask = useCallback(
    async (init: RequestInit): Promise<ThreadNetwork> => {
      const url = `${pageConfig().workerUrl}/api/sandbox/${threadId}/network`;
      return (await threadFetch(tokens, threadId, url, init)).json();
    },
    [threadId, tokens],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `looks` asks for another look
  useEffect(() => {
    if (!isOnline) return;
    const control = new AbortController();
    ask({ signal: control.signal }).then(
      (network) => setState({ kind: "known", network }),
      () => {
        if (!control.signal.aborted) setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
      },
    );
    return () => control.abort();
  }, [ask, isOnline, looks]);
  const change = useCallback(
    async (wish: ChangeThreadNetwork) => {
      try {
        setState({ kind: "known", network: await ask({ method: "PATCH", body: JSON.stringify(wish) }) });
        return null;
      } catch (error) {
        return error instanceof WireFailure ? words(error) : networkTexts.changeFailed;
      }
    },
    [ask],
  );
  const look = useCallback(() => {
    setState((now) => (now.kind === "failed" ? { kind: "loading" } : now));
    setLooks((count) => count + 1);
  }, []);
  return { state, look, change };
};
