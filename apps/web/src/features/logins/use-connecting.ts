import type { LoginFlow, LoginId } from "@threadbox/contracts/logins";
import { useState } from "react";
import { useThreadCommands, useThreadList } from "../threads/index.ts";
import type { LoginsApi } from "./logins-api.ts";
import type { UseLogins } from "./use-logins.ts";

export interface Connecting {
  /** Asked for a code, and nothing heard yet. */
  readonly isAsking: boolean;
  /** Whether it is known in which thread to ask. */
  readonly isReady: boolean;
  /** Asks for a code; `null`: to connect an account that is not named. */
  readonly connect: (loginId: LoginId | null) => Promise<void>;
  /** Gives up the code that is shown, and asks for another one. */
  readonly renew: (flow: LoginFlow) => Promise<void>;
}

/** Asking for a code: in that thread, else in the newest one, or in a new one where there is none. */
export const useConnecting = (act: UseLogins["act"], threadId: string | null): Connecting => {
  const { threads } = useThreadList(false);
  const { create } = useThreadCommands();
  const [isAsking, setIsAsking] = useState(false);
  const ask = async (loginId: LoginId | null, before?: (api: LoginsApi) => Promise<unknown>) => {
    setIsAsking(true);
    await act(async (api) => {
      await before?.(api);
      return api.connect(threadId ?? threads?.[0]?.threadId ?? (await create()), loginId);
    });
    setIsAsking(false);
  };
  return {
    isAsking,
    isReady: threadId !== null || threads !== undefined,
    connect: (loginId) => ask(loginId),
    renew: ({ id, loginId }) => ask(loginId, (api) => api.cancel(id)),
  };
};
