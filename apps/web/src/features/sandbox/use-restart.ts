import { workerApi } from "@threadbox/contracts/worker-api";
import { useCallback, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

export interface Restart {
  readonly isRestarting: boolean;
  readonly failure: WireFailure | null;
  readonly restart: () => void;
}

/** Asks the worker to start the thread's sandbox anew. Files stay, what runs in it ends. `query`: what else it is asked. */
export const useRestart = (threadId: string, query = ""): Restart => {
  const tokens = useThreadTokens();
  const [isRestarting, setIsRestarting] = useState(false);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const restart = useCallback(async () => {
    setIsRestarting(true);
    setFailure(null);
    try {
      const { restartSandbox } = workerApi;
      await threadFetch(tokens, threadId, `${workerUrl(restartSandbox, { threadId })}${query}`, {
        method: restartSandbox.method,
      });
    } catch (error) {
      setFailure(asSandboxFailure(error));
    } finally {
      setIsRestarting(false);
    }
  }, [threadId, query, tokens]);
  return { isRestarting, failure, restart: () => void restart() };
};
