import type { ProgramRuns } from "@threadbox/contracts/program-runs";
import { useCallback, useEffect, useState } from "react";
import { type ProgramsClient, useProgramsClient } from "./programs-client.ts";
import { type Verdict, verifyReceipts } from "./verify-receipts.ts";

export type ProgramsState =
  | { readonly kind: "loading" | "failed" }
  | { readonly kind: "known"; readonly runs: ProgramRuns; readonly verdict: Verdict };

export interface UsePrograms {
  readonly state: ProgramsState;
  readonly client: ProgramsClient;
  readonly look: () => void;
}

/** What programs of the thread have done, looked at anew when it is shown and after each change. */
export const usePrograms = (threadId: string, isWanted: boolean): UsePrograms => {
  const client = useProgramsClient(threadId);
  const [state, setState] = useState<ProgramsState>({ kind: "loading" });
  const [looks, setLooks] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `looks` asks for another look
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    const look = async (): Promise<ProgramsState> => {
      const runs = await client.list();
      return { kind: "known", runs, verdict: await verifyReceipts(runs.receipts) };
    };
    look().then(
      (known) => isCurrent && setState(known),
      () => isCurrent && setState((now) => (now.kind === "known" ? now : { kind: "failed" })),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, isWanted, looks]);
  const look = useCallback(() => {
    setState((now) => (now.kind === "failed" ? { kind: "loading" } : now));
    setLooks((count) => count + 1);
  }, []);
  return { state, client, look };
};
