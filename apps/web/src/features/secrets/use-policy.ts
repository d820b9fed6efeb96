import type { CommonPolicy, CommonPolicyView } from "@threadbox/contracts/egress-policy";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { makeUserCall } from "../user-call/index.ts";

const answerMsMax = 15_000;
const path = "/api/admin/egress-policy";

export type PolicyState =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly view: CommonPolicyView };

/** The common policy as it was read last. */
export const usePolicy = () => {
  const { getAccessToken } = useLoginSession();
  const isOnline = useOnline();
  const call = useMemo(() => makeUserCall(getAccessToken, answerMsMax), [getAccessToken]);
  const [state, setState] = useState<PolicyState>({ kind: "loading" });
  const look = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const view = (await call("GET", path, { signal })) as CommonPolicyView;
        setState({ kind: "known", view });
      } catch {
        if (!signal?.aborted) setState((before) => (before.kind === "known" ? before : { kind: "failed" }));
      }
    },
    [call],
  );
  useEffect(() => {
    if (!isOnline) return;
    const control = new AbortController();
    void look(control.signal);
    return () => control.abort();
  }, [isOnline, look]);
  /** Rejects with a `WireFailure`. */
  const set = useCallback(
    async (wish: CommonPolicy) => {
      setState({ kind: "known", view: (await call("PUT", path, { body: wish })) as CommonPolicyView });
    },
    [call],
  );
  return { state, look, set, isOnline };
};
