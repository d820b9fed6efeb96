import type { SecretView } from "@threadbox/contracts/secrets";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { WireFailure } from "../errors/index.ts";
import { makeSecretsApi } from "./secrets-api.ts";

/** Who has a version is shown within two seconds of their having it. */
const lookAgainMs = 1_200;

export type Secrets =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: WireFailure }
  /** `failure`: the last look failed, and this is what was known before. */
  | { readonly kind: "known"; readonly secrets: readonly SecretView[]; readonly failure: WireFailure | null };

const asFailure = (error: unknown): WireFailure =>
  error instanceof WireFailure ? error : new WireFailure("UpstreamTimeout", "");

/** The secrets as they are, looked at again and again while somebody looks at the page. */
export const useSecrets = () => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeSecretsApi(getAccessToken), [getAccessToken]);
  const isOnline = useOnline();
  const [state, setState] = useState<Secrets>({ kind: "loading" });
  const seen = useRef("");

  const look = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const { secrets } = await api.list(signal);
        const text = JSON.stringify(secrets);
        const isNews = text !== seen.current;
        seen.current = text;
        setState((before) =>
          isNews || before.kind !== "known" || before.failure !== null
            ? { kind: "known", secrets, failure: null }
            : before,
        );
      } catch (error) {
        if (signal?.aborted) return;
        const failure = asFailure(error);
        setState((before) => (before.kind === "known" ? { ...before, failure } : { kind: "failed", failure }));
      }
    },
    [api],
  );

  useEffect(() => {
    if (!isOnline) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async () => {
      if (document.visibilityState === "visible") await look(control.signal);
      if (!control.signal.aborted) timer = setTimeout(go, lookAgainMs);
    };
    void go();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [isOnline, look]);

  return { state, api, look, isOnline };
};
