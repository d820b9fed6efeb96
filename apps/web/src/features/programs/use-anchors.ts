import { journalLimits } from "@threadbox/contracts/journal";
import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, usePaginatedQuery } from "convex/react";
import { useMemo } from "react";
import { anchorsOf } from "./anchors.ts";
import type { Anchors } from "./verify-receipts.ts";

/** What Activity has recorded of the thread's latest receipts, as it comes; none until it is known. */
export const useAnchors = (threadId: string, isWanted: boolean): Anchors => {
  const { isAuthenticated } = useConvexAuth();
  const wish = isAuthenticated && isWanted ? { threadId, kind: "program" } : "skip";
  const { results } = usePaginatedQuery(api.journal.list, wish, { initialNumItems: journalLimits.pageEntriesMax });
  return useMemo(() => anchorsOf(results), [results]);
};
