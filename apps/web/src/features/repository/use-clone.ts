import { computerApi } from "@threadbox/contracts/computer-api";
import type { CloneRepository, CloneState } from "@threadbox/contracts/repository";
import { useCallback, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { failureWords, WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { repositoryTexts as texts } from "./texts.ts";

/** Where the person stands: typing, waiting for the thread's computer, or looking at what has become of it. */
export type CloneView =
  | { readonly kind: "form"; readonly failure: string | null }
  | { readonly kind: "starting" }
  | { readonly kind: "known"; readonly threadId: string; readonly state: CloneState };

export interface UseClone {
  readonly view: CloneView;
  readonly start: (order: CloneRepository) => void;
  readonly change: () => void;
}

const lookEveryMs = 700;
const form: CloneView = { kind: "form", failure: null };

const words = failureWords({
  saidByServer: new Set(["Conflict", "AlreadyRunning", "ValidationError", "SandboxUnavailable", "RateLimited"]),
  own: {},
  other: texts.other,
  reference: texts.reference,
});

/** Fills a new thread's workspace; `begin` brings the thread into being, and gives the same one again. */
export const useClone = (begin: () => Promise<string>): UseClone => {
  const tokens = useThreadTokens();
  const [view, setView] = useState<CloneView>(form);
  const ask = useCallback(
    async (threadId: string, order: CloneRepository | null): Promise<CloneState> => {
      const route = computerApi[order === null ? "readClone" : "cloneRepository"];
      const body = order === null ? {} : { body: JSON.stringify(order) };
      const init = { method: route.method, ...body };
      return (await threadFetch(tokens, threadId, workerUrl(route, { threadId }), init)).json();
    },
    [tokens],
  );
  const start = async (order: CloneRepository) => {
    setView({ kind: "starting" });
    try {
      const threadId = await begin();
      setView({ kind: "known", threadId, state: await ask(threadId, order) });
    } catch (error) {
      setView({ kind: "form", failure: error instanceof WireFailure ? words(error) : texts.failed });
    }
  };
  const isRunning = view.kind === "known" && view.state.status === "running";
  // Each answer asks for the next look; one that fails, as without a network, is followed by another.
  useEffect(() => {
    if (view.kind !== "known" || !isRunning) return;
    const { threadId } = view;
    const look = setTimeout(() => {
      ask(threadId, null).then(
        (state) => setView({ kind: "known", threadId, state }),
        () => setView({ ...view }),
      );
    }, lookEveryMs);
    return () => clearTimeout(look);
  }, [view, isRunning, ask]);
  return { view, start: (order) => void start(order), change: () => setView(form) };
};
