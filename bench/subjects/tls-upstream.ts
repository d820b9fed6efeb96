/**
 * A host on the internet, on loopback, by HTTPS: about 450 bytes of JSON; `/bytes?n=` so many bytes; `/events?n=&everyMs=`
 * so many events, each of them the moment when it was sent, in nanoseconds of the machine's clock. Key and certificate: files
 * that `TLS_KEY` and `TLS_CERT` name.
 */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { listenAndTell } from "./listen.ts";

const json = JSON.stringify({
  items: Array.from({ length: 10 }, (_, index) => ({ index, name: `item ${index} of 10 items` })),
});
const piece = Buffer.alloc(64 * 1024, "x");

function* pieces(bytes: number) {
  for (let left = bytes; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece;
}

const sendEvents = async (response: ServerResponse, count: number, everyMs: number): Promise<void> => {
  response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  for (let sent = 0; sent < count; sent++) {
    await delay(everyMs);
    response.write(`data: ${process.hrtime.bigint()}\n\n`);
  }
  response.end();
};

await listenAndTell(
  createServer(
    { key: readFileSync(process.env.TLS_KEY ?? ""), cert: readFileSync(process.env.TLS_CERT ?? "") },
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "https://upstream");
      const count = Number(searchParams.get("n"));
      if (pathname === "/events") {
        void sendEvents(response, count, Number(searchParams.get("everyMs")));
      } else if (pathname === "/bytes") {
        response.writeHead(200, { "content-length": count });
        Readable.from(pieces(count)).pipe(response);
      } else {
        response
          .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(json) })
          .end(json);
      }
    },
  ),
);
