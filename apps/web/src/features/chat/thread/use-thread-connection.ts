import { useEffect, useState, useSyncExternalStore } from "react";
import { pageConfig } from "../../../lib/request.ts";
import { useThreadTokens } from "../../thread-token/index.ts";
import { fetchHistory } from "./history.ts";
import { ThreadConnection } from "./thread-connection.ts";

/** Opens the thread's socket for as long as the component is on the page. */
export const useThreadConnection = (threadId: string): ThreadConnection | null => {
  const tokens = useThreadTokens();
  const [connection, setConnection] = useState<ThreadConnection | null>(null);
  useEffect(() => {
    const { workerUrl } = pageConfig();
    const opened = new ThreadConnection({
      threadId,
      workerUrl,
      getToken: () => tokens.get(threadId),
      forgetToken: () => tokens.forget(threadId),
      probe: () => tokens.use(threadId, (token) => fetchHistory(workerUrl, threadId, token)),
    });
    setConnection(opened);
    return () => opened.dispose();
  }, [threadId, tokens]);
  return connection;
};

const noSubscription = () => () => undefined;

export const useConnectionState = (connection: ThreadConnection | null) =>
  useSyncExternalStore(connection?.subscribe ?? noSubscription, () => connection?.getConnectionState() ?? null);

export const useLive = (connection: ThreadConnection | null) =>
  useSyncExternalStore(connection?.subscribe ?? noSubscription, () => connection?.getLive() ?? null);
