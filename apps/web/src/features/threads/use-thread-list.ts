import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, usePaginatedQuery, useQuery } from "convex/react";
import { useDeferredValue } from "react";
import type { Thread } from "./thread.ts";

const pageSize = 60;

export interface ThreadListState {
  /** Undefined until the first page is here. */
  readonly threads: readonly Thread[] | undefined;
  readonly loadMore: (() => void) | undefined;
}

/** The viewer's threads, live. */
export const useThreadList = (isArchived: boolean): ThreadListState => {
  const { isAuthenticated } = useConvexAuth();
  const { results, status, loadMore } = usePaginatedQuery(api.threads.list, isAuthenticated ? { isArchived } : "skip", {
    initialNumItems: pageSize,
  });
  return {
    threads: status === "LoadingFirstPage" ? undefined : results,
    loadMore: status === "CanLoadMore" ? () => loadMore(pageSize) : undefined,
  };
};

export interface ThreadSearchState {
  /** Undefined while the answer is on its way; null where nothing is searched for. */
  readonly threads: readonly Thread[] | undefined | null;
  readonly isPartial: boolean;
}

/** The viewer's threads whose title matches, archived ones too. */
export const useThreadSearch = (text: string): ThreadSearchState => {
  const { isAuthenticated } = useConvexAuth();
  const wanted = useDeferredValue(text.trim());
  const found = useQuery(api.threads.search, isAuthenticated && wanted !== "" ? { text: wanted } : "skip");
  return { threads: wanted === "" ? null : found?.threads, isPartial: found?.isPartial ?? false };
};
