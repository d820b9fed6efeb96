import { cutText } from "@threadbox/contracts/cut-text";
import type { QueryCtx } from "../_generated/server.js";
import { ownThreads } from "./threads.ts";
import { type ThreadView, toThreadView } from "./threadViews.ts";
import { titleMatches } from "./titles.ts";

/** How many threads of each shelf (archived or not) a search looks at, and how many it answers with. */
export const scannedThreadsMax = 500;
export const foundThreadsMax = 50;

/**
 * Titles of the owner's newest threads that hold every word of the text. There is no search index: this reads at most
 * 1,000 of the owner's own rows, and `isPartial` says that older threads were not looked at or matches left off.
 */
export const searchThreads = async (
  ctx: Pick<QueryCtx, "db">,
  ownerId: string,
  text: string,
): Promise<{ threads: ThreadView[]; isPartial: boolean }> => {
  const query = cutText(text.trim(), 200);
  if (query === "") return { threads: [], isPartial: false };
  const current = await ownThreads(ctx, ownerId, false).take(scannedThreadsMax);
  const archived = await ownThreads(ctx, ownerId, true).take(scannedThreadsMax);
  const matches = [...current, ...archived].filter((thread) => titleMatches(thread.title, query));
  return {
    threads: matches.slice(0, foundThreadsMax).map(toThreadView),
    isPartial:
      matches.length > foundThreadsMax || current.length === scannedThreadsMax || archived.length === scannedThreadsMax,
  };
};
