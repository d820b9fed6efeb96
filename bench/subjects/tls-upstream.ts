/** A host on the internet, on loopback: about 450 bytes of JSON by HTTPS. Key and certificate: files that `TLS_KEY` and `TLS_CERT` name. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { listenAndTell } from "./listen.ts";

const json = JSON.stringify({
  items: Array.from({ length: 10 }, (_, index) => ({ index, name: `item ${index} of 10 items` })),
});

await listenAndTell(
  createServer(
    { key: readFileSync(process.env.TLS_KEY ?? ""), cert: readFileSync(process.env.TLS_CERT ?? "") },
    (_, response) => {
      response
        .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(json) })
        .end(json);
    },
  ),
);
