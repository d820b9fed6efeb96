import type { ModelKeyList } from "@threadbox/contracts/model-keys";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { type ModelKeysApi, makeModelKeysApi } from "./model-keys-api.ts";

export type Act = (work: (api: ModelKeysApi) => Promise<ModelKeyList>) => Promise<WireFailure | null>;

export interface UseModelKeys {
  /** Null: nobody has answered yet. */
  readonly list: ModelKeyList | null;
  /** Why it couldn't be asked for. */
  readonly failure: WireFailure | null;
  readonly lookAgain: () => void;
  /** Does something; answers with why it wasn't done, else null. */
  readonly act: Act;
  readonly isOnline: boolean;
}

/** The user's keys, asked for anew whenever the page is looked at again: another tab may have changed them. */
export const useModelKeys = (): UseModelKeys => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeModelKeysApi(getAccessToken), [getAccessToken]);
  const isOnline = useOnline();
  const [list, setList] = useState<ModelKeyList | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);

  const act = useCallback<Act>(
    async (work) => {
      try {
        setList(await work(api));
        setFailure(null);
        return null;
      } catch (error) {
        return asWireFailure(error);
      }
    },
    [api],
  );
  const lookAgain = useCallback(() => void act((asked) => asked.list()).then(setFailure), [act]);

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
