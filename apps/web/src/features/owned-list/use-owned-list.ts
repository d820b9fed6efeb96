import { useCallback, useEffect, useMemo, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import type { AccessToken } from "../user-call/index.ts";

/** What is asked of the worker about a list; every call answers with the list as it is then. */
interface ListApi {
  list(): Promise<unknown>;
}

type ListOf<Api extends ListApi> = Awaited<ReturnType<Api["list"]>>;

/** Does something of which the list comes back; answers with why it wasn't done, else null. */
export type Act<Api extends ListApi> = (work: (api: Api) => Promise<ListOf<Api>>) => Promise<WireFailure | null>;

export interface UseOwnedList<Api extends ListApi> {
  /** Null: nobody has answered yet. */
  readonly list: ListOf<Api> | null;
  /** Why it couldn't be asked for. */
  readonly failure: WireFailure | null;
  readonly lookAgain: () => void;
  readonly act: Act<Api>;
  readonly isOnline: boolean;
}

/**
 * A list of the user's own, asked for anew whenever the page is looked at again: another tab may have changed it. `makeApi` is
 * the same function each time.
 */
export const useOwnedList = <Api extends ListApi>(makeApi: (getAccessToken: AccessToken) => Api): UseOwnedList<Api> => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeApi(getAccessToken), [makeApi, getAccessToken]);
  const isOnline = useOnline();
  const [list, setList] = useState<ListOf<Api> | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);

  const act = useCallback<Act<Api>>(
    async (work) => {
      try {
        const answered = await work(api);
        setList(() => answered);
        setFailure(null);
        return null;
      } catch (error) {
        return asWireFailure(error);
      }
    },
    [api],
  );
  const lookAgain = useCallback(
    () => void act((asked) => asked.list() as Promise<ListOf<Api>>).then(setFailure),
    [act],
  );

  useEffect(() => {
    if (!isOnline) return;
    lookAgain();
    const look = () => {
      if (document.visibilityState === "visible") lookAgain();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [isOnline, lookAgain]);

  return { list, failure, lookAgain, act, isOnline };
};
