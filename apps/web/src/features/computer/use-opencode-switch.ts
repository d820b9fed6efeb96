import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useMutation, useQueries } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useMemo } from "react";

/** Where OpenCode's page is turned off: by its user everywhere, or in this thread; null where it is on. */
export type TurnedOff = "everywhere" | "here" | null;

type Thread = FunctionReturnType<typeof api.threads.get>;
type User = FunctionReturnType<typeof api.users.me>;

/** Whoever cannot be told counts as on: the worker has the last word. */
const isOff = (row: Thread | User | Error | undefined): boolean =>
  row !== undefined && row !== null && !(row instanceof Error) && row.isOpenCodeOff === true;

/** The switch of OpenCode's page. Undefined until Convex has answered. */
export const useOpenCodeSwitch = (threadId: string) => {
  const { isAuthenticated } = useConvexAuth();
  const turn = useMutation(api.threads.setOpenCode);
  const { thread, me } = useQueries(
    useMemo(
      () =>
        isAuthenticated
          ? { thread: { query: api.threads.get, args: { threadId } }, me: { query: api.users.me, args: {} } }
          : {},
      [isAuthenticated, threadId],
    ),
  );
  const isKnown = thread !== undefined && me !== undefined;
  const turnedOff: TurnedOff = isOff(me as User) ? "everywhere" : isOff(thread as Thread) ? "here" : null;
  return useMemo(
    () => ({
      turnedOff: isKnown ? turnedOff : undefined,
      // What fails shows itself: the switch stays where it is.
      turn: (isOn: boolean) => void turn({ threadId, isOn }).catch(() => undefined),
    }),
    [isKnown, turnedOff, turn, threadId],
  );
};
