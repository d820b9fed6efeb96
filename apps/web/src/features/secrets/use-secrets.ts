import type { SecretView } from "@threadbox/contracts/secrets";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { makeSecretsApi } from "./secrets-api.ts";

/** However much goes on, the page looks no more often than this. */
const restMs = 100;
/** Where nobody can be followed the page looks by itself, and tries to follow again. */
const lookAgainMs = 5_000;

export type Secrets =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: WireFailure }
  /** `failure`: the last look failed, and this is what was known before. */
  | {
      readonly kind: "known";
      readonly secrets: readonly SecretView[];
      /** Hosts that the installation names itself. */
      readonly namedHosts: readonly string[];
      readonly failure: WireFailure | null;
    };

/** The secrets as they are: the worker says when something has changed, and then they are looked at again. */
export const useSecrets = () => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeSecretsApi(getAccessToken), [getAccessToken]);
  const isOnline = useOnline();
  const [state, setState] = useState<Secrets>({ kind: "loading" });
  const seen = useRef("");

  const look = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const { secrets, namedHosts } = await api.list(signal);
        const text = JSON.stringify(secrets);
        const isNews = text !== seen.current;
        seen.current = text;
        setState((before) =>
          isNews || before.kind !== "known" || before.failure !== null
            ? { kind: "known", secrets, namedHosts, failure: null }
            : before,
        );
      } catch (error) {
        if (signal?.aborted) return;
        const failure = asWireFailure(error, "UpstreamTimeout");
        setState((before) => (before.kind === "known" ? { ...before, failure } : { kind: "failed", failure }));
      }
    },
    [api],
  );

  useEffect(() => {
    if (!isOnline) return;
    const control = new AbortController();
    const { signal } = control;
    const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
    let isLooking = false;
    let isBehind = false;
    /** One look at a time, and one more where something has changed since it began. */
    const lookOnce = async () => {
      isBehind = true;
      if (isLooking) return;
      isLooking = true;
      while (isBehind && !signal.aborted) {
        isBehind = false;
        await look(signal);
        await pause(restMs);
      }
      isLooking = false;
    };
    const follow = async () => {
      while (!signal.aborted) {
        const isFollowed = await api
          .follow(() => void lookOnce(), signal)
          .then(
            () => true,
            () => false,
          );
        if (isFollowed || signal.aborted) continue;
        await lookOnce();
        await pause(lookAgainMs);
      }
    };
    void lookOnce();
    void follow();
    return () => control.abort();
  }, [api, isOnline, look]);

  return { state, api, look, isOnline };
};
