import type { MessageId } from "@threadbox/contracts/ids";
import type { Fork } from "@threadbox/contracts/live";
import type { TurnMetadata } from "@threadbox/contracts/turn";
import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useQueries } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useMemo } from "react";
import type { ChatMessage } from "../thread/message-view.ts";

/** More than any screen shows; the rest comes with the live thread. */
const shownMax = 30;

type Page = FunctionReturnType<typeof api.messages.list>;

const toMessage = ({ messageId, role, parts, metadata }: Page["page"][number]): ChatMessage => ({
  id: messageId,
  role,
  parts: JSON.parse(parts),
  // What the worker wrote, in its own words; the row's validator knows no brands.
  ...(metadata === undefined ? {} : { metadata: metadata as TurnMetadata }),
});

export interface Settled {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly forks: readonly Fork[];
}

/** As with metadata: the worker wrote it. */
const asWritten = (messageId: string) => messageId as MessageId;

const toFork = ({ messageId, siblingIds }: Page["page"][number]): readonly Fork[] =>
  siblingIds === undefined ? [] : [{ messageId: asWritten(messageId), siblings: siblingIds.map(asWritten) }];

/** The newest settled messages of the branch that is shown; undefined until Convex has answered. */
export const useSettledMessages = (threadId: string): Settled | undefined => {
  const { isAuthenticated } = useConvexAuth();
  const { list } = useQueries(
    useMemo(
      () =>
        isAuthenticated
          ? {
              list: {
                query: api.messages.list,
                args: { threadId, paginationOpts: { numItems: shownMax, cursor: null } },
              },
            }
          : {},
      [isAuthenticated, threadId],
    ),
  );
  return useMemo(() => {
    if (list === undefined) return undefined;
    // Whoever may not read the thread is told so in its place.
    const rows = list instanceof Error ? [] : (list as Page).page.toReversed();
    return { messages: rows.map(toMessage), forks: rows.flatMap(toFork) };
  }, [list]);
};
