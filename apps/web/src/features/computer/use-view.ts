import { type ComputerAnswers, type ComputerBodies, computerApi } from "@threadbox/contracts/computer-api";
import type { OpenedView, ViewTarget } from "@threadbox/contracts/views";
import { useCallback, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

/** How a view of the thread's sandbox stands. */
export type ViewState =
  | { readonly kind: "opening" }
  | ({ readonly kind: "open" } & OpenedView)
  | { readonly kind: "ended"; readonly generation: number }
  | { readonly kind: "failed"; readonly failure: WireFailure };

/** Asks the worker for a way into what the sandbox serves; starts the sandbox where none runs. */
const useOpenView = (threadId: string, target: ViewTarget) => {
  const tokens = useThreadTokens();
  return useCallback(
    async (signal?: AbortSignal): Promise<OpenedView> => {
      const response = await threadFetch(tokens, threadId, workerUrl(computerApi.openView, { threadId }), {
        method: computerApi.openView.method,
        body: JSON.stringify({ target } satisfies ComputerBodies["openView"]),
        signal: signal ?? null,
      });
      return (await response.json()) as ComputerAnswers["openView"];
    },
    [threadId, target, tokens],
  );
};

/** A view that is opened at once, and again whenever `reopen` is called. `isWanted`: false while there is nothing to open. */
export const useView = (threadId: string, target: ViewTarget, isWanted: boolean) => {
  const openView = useOpenView(threadId, target);
  const [state, setState] = useState<ViewState>({ kind: "opening" });
  const [attempt, setAttempt] = useState(0);
  const show = useCallback((view: OpenedView) => setState({ kind: "open", ...view }), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt opens a view of its own
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    setState({ kind: "opening" });
    openView(control.signal)
      .then(show)
      .catch((error: unknown) => {
        if (!control.signal.aborted) setState({ kind: "failed", failure: asSandboxFailure(error) });
      });
    return () => control.abort();
  }, [openView, attempt, isWanted, show]);
  const reopen = useCallback(() => setAttempt((count) => count + 1), []);
  const end = useCallback(
    () => setState((now) => (now.kind === "open" ? { kind: "ended", generation: now.generation } : now)),
    [],
  );
  return { state, openView, show, reopen, end };
};
