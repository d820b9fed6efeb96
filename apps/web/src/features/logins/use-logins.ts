import type { LoginList } from "@threadbox/contracts/logins";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { clockAhead } from "./countdown.ts";
import { type LoginsApi, makeLoginsApi } from "./logins-api.ts";

/** After a listing that failed, in milliseconds. */
const lookAgainMs = 3_000;

export interface KnownLogins {
  readonly list: LoginList;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

export interface UseLogins {
  /** Null: nobody has answered yet. */
  readonly known: KnownLogins | null;
  /** Why what is shown may be old; it is asked for again and again. */
  readonly outage: WireFailure | null;
  /** Why the last thing that was asked for was not done. */
  readonly refusal: WireFailure | null;
  /** Does something, and says whether it is done. */
  readonly act: (work: (api: LoginsApi) => Promise<LoginList>) => Promise<boolean>;
  readonly isOnline: boolean;
}

/** The user's logins as they are. Each listing waits at the worker for a change, so every tab hears of one at once. */
export const useLogins = (): UseLogins => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeLoginsApi(getAccessToken), [getAccessToken]);
  const isOnline = useOnline();
  const [known, setKnown] = useState<KnownLogins | null>(null);
  const [outage, setOutage] = useState<WireFailure | null>(null);
  const [refusal, setRefusal] = useState<WireFailure | null>(null);

  // An answer that was overtaken by a newer one says nothing.
  const take = useCallback((list: LoginList) => {
    const ahead = clockAhead(list.now, Date.now());
    setKnown((before) => (before !== null && before.list.revision > list.revision ? before : { list, ahead }));
    setOutage(null);
  }, []);

  const act = useCallback(
    async (work: (api: LoginsApi) => Promise<LoginList>) => {
      setRefusal(null);
      try {
        take(await work(api));
        return true;
      } catch (error) {
        setRefusal(asWireFailure(error));
        return false;
      }
    },
    [api, take],
  );

  useEffect(() => {
    if (!isOnline) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async (seen: number | null) => {
      try {
        const list = await api.list(seen, control.signal);
        if (control.signal.aborted) return;
        take(list);
        void go(list.revision);
      } catch (error) {
        if (control.signal.aborted) return;
        setOutage(asWireFailure(error));
        timer = setTimeout(go, lookAgainMs, null);
      }
    };
    void go(null);
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [api, isOnline, take]);

  return { known, outage, refusal, act, isOnline };
};
