import type { ThreadPoint } from "@threadbox/contracts/points";
import { useCallback, useEffect, useState } from "react";
import { useSandbox } from "../sandbox/index.ts";
import type { PointsClient } from "./points-client.ts";

export type PointsState =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly points: readonly ThreadPoint[] };

/** The thread's points, read when they come to the front, after each save and after each start. */
export const usePoints = (threadId: string, client: PointsClient, isWanted: boolean) => {
  const sandbox = useSandbox(threadId);
  const saved = `${sandbox?.saves?.savedAt} ${sandbox?.saves?.savingSince} ${sandbox?.generation} ${sandbox?.status}`;
  const [state, setState] = useState<PointsState>({ kind: "loading" });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was saved, or who asks, begins anew
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    client.list(control.signal).then(
      ({ points }) => setState({ kind: "known", points }),
      () => {
        if (!control.signal.aborted) setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
      },
    );
    return () => control.abort();
  }, [client, isWanted, asked, saved]);
  const again = useCallback(() => {
    setState((now) => (now.kind === "failed" ? { kind: "loading" } : now));
    setAsked((count) => count + 1);
  }, []);
  return { state, again };
};
