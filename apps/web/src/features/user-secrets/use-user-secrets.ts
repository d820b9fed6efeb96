import type { UserSecretList } from "@threadbox/contracts/user-secrets";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { makeUserSecretsApi, type UserSecretsApi } from "./user-secrets-api.ts";

export type Act = (work: (api: UserSecretsApi) => Promise<UserSecretList>) => Promise<WireFailure | null>;

export interface UseUserSecrets {
  /** Null: nobody has answered yet. */
  readonly list: UserSecretList | null;
  /** Why it couldn't be asked for. */
  readonly failure: WireFailure | null;
  readonly lookAgain: () => void;
  /** Does something; answers with why it wasn't done, else null. */
  readonly act: Act;
  readonly isOnline: boolean;
}

/** The user's secrets, asked for anew whenever the page is looked at again: another tab may have changed them. */
export const useUserSecrets = (): UseUserSecrets => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeUserSecretsApi(getAccessToken), [getAccessToken]);
  const isOnline = useOnline();
  const [list, setList] = useState<UserSecretList | null>(null);
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
