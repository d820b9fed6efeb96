import { createServer, type IncomingMessage } from "node:http";
import { codemodeApi } from "@threadbox/contracts/codemode";
import type { Config } from "./config.ts";
import { nameOf, workerKey } from "./worker-key.ts";

/**
 * Listens for the worker's word that a run was stopped, at a port beside that of the runs. Whoever does not show the worker's
 * key is not heard. Resolves with what ends it, once it listens.
 */
export const listenForStops = (
  { watchdogPort, key }: Pick<Config, "watchdogPort" | "key">,
  onStop: (run: string) => void,
): Promise<() => void> => {
  const isShown = workerKey(key);
  const isStop = ({ method, url }: IncomingMessage) => method === "POST" && url === codemodeApi.stopPath;
  const server = createServer((request, response) => {
    request.resume();
    if (!isShown(request)) return response.writeHead(401).end();
    if (!isStop(request)) return response.writeHead(404).end();
    onStop(nameOf(request, codemodeApi.runHeader));
    return response.writeHead(204).end();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(watchdogPort, "127.0.0.1", () =>
      resolve(() => {
        server.close();
        server.closeAllConnections();
      }),
    );
  });
};
