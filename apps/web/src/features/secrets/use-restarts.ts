import type { ThreadId } from "@threadbox/contracts/ids";
import { useCallback, useMemo, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { type RestartState, restartAll } from "./restarts.ts";
import { makeRestartSandbox } from "./restarts-api.ts";

/** The restarts that this page has asked for, by thread. */
export const useRestarts = () => {
  const { getAccessToken } = useLoginSession();
  const restart = useMemo(() => makeRestartSandbox(getAccessToken), [getAccessToken]);
  const [states, setStates] = useState<ReadonlyMap<ThreadId, RestartState>>(new Map());
  const begin = useCallback(
    (threadIds: readonly ThreadId[]) => {
      setStates(new Map());
      return restartAll(threadIds, restart, (threadId, state) =>
        setStates((before) => {
          const after = new Map(before);
          if (state === null) after.delete(threadId);
          else after.set(threadId, state);
          return after;
        }),
      );
    },
    [restart],
  );
  return { states, begin };
};
