import { fillPath, workerApi } from "@threadbox/contracts/worker-api";
import { useCallback, useState } from "react";
import { pageConfig } from "../../lib/request.ts";
import { readWireFailure, WireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";

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
      await tokens.use(threadId, async (token) => {
        const { method, path } = workerApi.restartSandbox;
        const address = `${pageConfig().workerUrl}${fillPath(path, { threadId })}${query}`;
        const response = await fetch(address, { method, headers: { authorization: `Bearer ${token}` } });
        if (!response.ok) throw await readWireFailure(response);
      });
    } catch (error) {
      setFailure(error instanceof WireFailure ? error : new WireFailure("SandboxUnavailable", ""));
    } finally {
      setIsRestarting(false);
    }
  }, [threadId, query, tokens]);
  return { isRestarting, failure, restart: () => void restart() };
};
