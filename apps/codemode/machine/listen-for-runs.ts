import { createServer, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { codemodeApi } from "@threadbox/contracts/codemode";
import type { Config } from "./config.ts";
import type { Place } from "./place.ts";
import type { Places } from "./places.ts";
import { nameOf, workerKey } from "./worker-key.ts";

/** A request as it came. */
const headOf = ({ method, url, httpVersion, rawHeaders }: IncomingMessage): string => {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
};

/** Leads a run to its place and its frames both ways, unread. Ends both ends with either. */
const lead = (socket: Duplex, place: Place, first: string | Buffer, over: () => void): void => {
  const inner = connect(place.socketPath);
  inner.write(first);
  socket.pipe(inner).pipe(socket);
  for (const end of [socket, inner]) {
    end.on("error", () => {});
    end.once("close", () => {
      socket.destroy();
      inner.destroy();
      over();
    });
  }
};

let unnamed = 0;

/** Listens for runs and gives each its place. Resolves with what ends it, once it listens. */
export const listenForRuns = ({ port, key }: Pick<Config, "port" | "key">, places: Places): Promise<() => void> => {
  const isShown = workerKey(key);
  const runs = new Set<Duplex>();
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === codemodeApi.healthPath) return response.writeHead(places.isAnswering ? 200 : 503).end();
    return response.writeHead(isShown(request) ? 404 : 401).end();
  });
  server.on("upgrade", async (request, socket, head) => {
    socket.on("error", () => {});
    if (!isShown(request)) return socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
    runs.add(socket);
    unnamed += 1;
    const run = nameOf(request, codemodeApi.runHeader) || `unnamed ${unnamed}`;
    const place = await places.enter(run, nameOf(request, codemodeApi.threadHeader));
    const over = () => {
      runs.delete(socket);
      place?.leave(run);
    };
    if (place === null || socket.destroyed) {
      over();
      return socket.destroy();
    }
    return lead(socket, place, Buffer.concat([Buffer.from(headOf(request)), head]), over);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () =>
      resolve(() => {
        server.close();
        server.closeAllConnections();
        for (const socket of runs) socket.destroy();
      }),
    );
  });
};
