import type { ProgramRuns } from "@threadbox/contracts/program-runs";
import { useCallback } from "react";
import { type UseLook, useLook } from "../../lib/use-look.ts";
import { type ProgramsClient, useProgramsClient } from "./programs-client.ts";
import { useAnchors } from "./use-anchors.ts";
import { type Verdict, verifyReceipts } from "./verify-receipts.ts";

export interface KnownPrograms extends ProgramRuns {
  readonly verdict: Verdict;
}

export interface UsePrograms extends UseLook<KnownPrograms> {
  readonly client: ProgramsClient;
}

/** What programs of the thread have done, looked at anew when it is shown and after each change. */
export const usePrograms = (threadId: string, isWanted: boolean): UsePrograms => {
  const client = useProgramsClient(threadId);
  // What the other store knew before the list was asked for is in it: a receipt is written first.
  const anchors = useAnchors(threadId, isWanted);
  const list = useCallback(async (): Promise<KnownPrograms> => {
    const runs = await client.list();
    return { ...runs, verdict: await verifyReceipts(runs.receipts, anchors) };
  }, [client, anchors]);
  return { ...useLook(list, null, isWanted), client };
};
