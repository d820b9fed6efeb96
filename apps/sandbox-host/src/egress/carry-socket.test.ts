import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { egressApi } from "@threadbox/contracts/egress";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { answerWith, openRelay, readHead, workerDouble } from "./relay.testing.ts";

/** A program's socket through the relay, before its handshake is answered. */
const openSocket = async (onUpgrade: (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void) => {
  const worker = await workerDouble((_, call, response) => {
    call.resume();
    answerWith(response, { status: 401, headers: [["x-answer", "no socket"]] }).end("no");
  });
  if (onUpgrade !== refuseAll) worker.server.on("upgrade", onUpgrade);
  const { proxy, certificate } = await openRelay(worker.url);
  const ca = await fs.readFile(certificate, "utf8");
  const connect = http.request(proxy, { agent: false, method: "CONNECT", path: "api.test:443" }).end();
  const [, stream] = (await once(connect, "connect")) as [http.IncomingMessage, Duplex];
  const secure = tls.connect({ socket: stream, servername: "api.test", ca });
  const socket = new WebSocket("wss://api.test/talk?q=1", ["chat"], {
    headers: { authorization: "Bearer handle" },
    createConnection: () => secure,
  });
  // One that is given up before it is open says so.
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  return socket;
};
const refuseAll = () => {};

test("a program's WebSocket to an intercepted host is opened by the worker, with its address and headers, and carries both ways", async () => {
  const server = new WebSocketServer({ noServer: true });
  const seen: unknown[] = [];
  const socket = await openSocket((request, stream, head) => {
    const { path, headers } = readHead(request.headers[egressApi.headHeader]);
    const shown = new Map(headers);
    seen.push(request.url, path, shown.get("authorization"), shown.get("sec-websocket-protocol"), shown.get("upgrade"));
    // What the worker chose of what the program offered.
    request.headers["sec-websocket-protocol"] = "chat";
    server.handleUpgrade(request, stream, head, (accepted) => {
      accepted.on("message", (message, isBinary) => accepted.send(message, { binary: isBinary }));
    });
  });
  await once(socket, "open");
  expect(socket.protocol).toBe("chat");
  const heard = new Promise((done) => socket.once("message", (message) => done(String(message))));
  socket.send("hello");
  expect(await heard).toBe("hello");
  expect(seen).toEqual([egressApi.callPath, "/talk?q=1", "Bearer handle", "chat", undefined]);
  const closed = once(socket, "close");
  socket.close(4001, "over");
  expect(await closed).toEqual([4001, expect.anything()]);
});

test("a host that opens no WebSocket answers the handshake as it does", async () => {
  const socket = await openSocket(refuseAll);
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, http.IncomingMessage];
  expect([answer.statusCode, answer.headers["x-answer"]]).toEqual([401, "no socket"]);
});
