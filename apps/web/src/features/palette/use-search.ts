import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useQueries } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useDeferredValue, useMemo, useRef } from "react";
import { useOnline } from "../../lib/use-online.ts";

type Found = FunctionReturnType<typeof api.messages.search>;

export interface SearchState {
  readonly kind: "idle" | "searching" | "found" | "failed" | "offline";
  /** While the next answer is on its way, the last one. */
  readonly found: Found;
}

const nothing: Found = { threads: [], messages: [], isPartial: false };

/** What the server finds in titles and messages, archived threads too. */
export const useSearch = (typed: string): SearchState => {
  const { isAuthenticated } = useConvexAuth();
  const isOnline = useOnline();
  const text = useDeferredValue(typed.trim());
  const isWanted = isAuthenticated && text !== "";
  // `useQuery` would throw what Convex refuses; here that is a line in the list.
  const { search } = useQueries(
    useMemo(
      (): Parameters<typeof useQueries>[0] =>
        isWanted ? { search: { query: api.messages.search, args: { text } } } : {},
      [isWanted, text],
    ),
  );
  const last = useRef(nothing);
  if (text === "") last.current = nothing;
  else if (search !== undefined && !(search instanceof Error)) last.current = search as Found;
  const found = last.current;
  if (text === "") return { kind: "idle", found };
  if (search instanceof Error) return { kind: "failed", found: nothing };
  if (search !== undefined) return { kind: "found", found };
  return { kind: isOnline ? "searching" : "offline", found };
};
