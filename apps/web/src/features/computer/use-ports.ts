import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import type { ListeningPort } from "@threadbox/contracts/views";
import { useCallback, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { readWireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";

/** What listens in the thread's sandbox, as far as is known. */
export type PortsState =
  | { readonly kind: "looking" }
  | { readonly kind: "known"; readonly ports: readonly ListeningPort[] }
  | { readonly kind: "failed" };

const lookMs = 5_000;

/** Looks at once and every five seconds, while somebody is looking. */
export const usePorts = (threadId: string, isWanted: boolean): PortsState => {
  const tokens = useThreadTokens();
  const [state, setState] = useState<PortsState>({ kind: "looking" });
  const ask = useCallback(
    (signal: AbortSignal) =>
      tokens.use(threadId, async (token) => {
        const response = await fetch(workerUrl(computerApi.listPorts, { threadId }), {
          headers: { authorization: `Bearer ${token}` },
          signal,
        });
        if (!response.ok) throw await readWireFailure(response);
        return (await response.json()) as ComputerAnswers["listPorts"];
      }),
    [threadId, tokens],
  );
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      if (document.visibilityState === "visible") {
        try {
          const { ports } = await ask(control.signal);
          setState({ kind: "known", ports });
        } catch {
          if (control.signal.aborted) return;
          // One missed look is no news where something is known.
          setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
        }
      }
      if (!control.signal.aborted) timer = setTimeout(() => void look(), lookMs);
    };
    void look();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [ask, isWanted]);
  return state;
};
