import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { codemodeApi } from "@threadbox/contracts/codemode";
import { Redacted } from "effect";
import type { Config } from "./config.ts";
import type { HearStops } from "./keep-running.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

export interface StopListener {
  readonly hearStops: HearStops;
  close(): void;
}

/**
 * Listens for the worker's word that a run was stopped: at a port beside the machine, because what computes there without a
 * pause lets nothing in. Whoever does not show the worker's key is not heard.
 */
export const listenForStops = ({ watchdogPort, key }: Pick<Config, "watchdogPort" | "key">): Promise<StopListener> => {
  const listeners = new Set<() => void>();
  const wanted = digest(`Bearer ${Redacted.value(key)}`);
  const isStop = ({ method, url }: IncomingMessage) => method === "POST" && url === codemodeApi.stopPath;
  const server = createServer((request, response) => {
    request.resume();
    if (!timingSafeEqual(digest(request.headers.authorization ?? ""), wanted)) return response.writeHead(401).end();
    if (!isStop(request)) return response.writeHead(404).end();
    for (const listener of listeners) listener();
    return response.writeHead(204).end();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(watchdogPort, "127.0.0.1", () =>
      resolve({
        hearStops: (onStop) => {
          listeners.add(onStop);
          return () => void listeners.delete(onStop);
        },
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
};
