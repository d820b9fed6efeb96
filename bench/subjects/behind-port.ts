/**
 * A small server as an agent may run it in a sandbox: `GET /json` answers about 450 bytes, `GET /bytes` as many bytes as
 * `?n=` says, and every WebSocket echoes. It stands in one file without packages, because it is written into a sandbox.
 * Port: first argument. Prints `{"port":…}` when it listens.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";

const bytesMax = 256 * 1024 * 1024;
const piece = Buffer.alloc(64 * 1024, "threadbox ");
const json = JSON.stringify({
  items: Array.from({ length: 10 }, (_, index) => ({ index, name: `item number ${index} of 10` })),
});

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://behind.port");
  if (pathname === "/json") {
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(json) })
      .end(json);
    return;
  }
  const length = Number(searchParams.get("n"));
  if (pathname !== "/bytes" || !(length >= 0 && length <= bytesMax)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": length });
  for (let left = length; left > 0 && !response.destroyed; left -= piece.length) {
    const hasRoom = response.write(left < piece.length ? piece.subarray(0, left) : piece);
    if (!hasRoom) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
});

/** Echoes unfragmented frames of less than 64 KiB, which is all that is sent here. */
const echo = (socket: Duplex) => {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2) {
      const short = (rest[1] ?? 0) & 0x7f;
      const head = short === 126 ? 4 : 2;
      if (short === 127 || rest.length < head + 4) break;
      const length = short === 126 ? rest.readUInt16BE(2) : short;
      const end = head + 4 + length;
      if (rest.length < end) break;
      const mask = rest.subarray(head, head + 4);
      const payload = Buffer.from(rest.subarray(head + 4, end));
      for (let i = 0; i < length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
      const first = rest[0] ?? 0;
      socket.write(
        Buffer.concat([
          Buffer.from([first]),
          short === 126 ? Buffer.from([126, length >> 8, length & 255]) : Buffer.from([length]),
          payload,
        ]),
      );
      rest = rest.subarray(end);
      if ((first & 0x0f) === 8) socket.end();
    }
  });
  socket.on("error", () => socket.destroy());
};

server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  echo(socket);
});

server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" ? address?.port : 0 })}\n`);
});
