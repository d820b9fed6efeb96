import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { egressApi } from "@threadbox/contracts/egress";
import { sendWireAnswer, wireAnswer } from "../http/wire.ts";
import { type Carrier, headForWorker, passAnswer } from "./carry.ts";

const key = /^[A-Za-z0-9+/]{22}==$/;
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Answers a program whose handshake leads to no WebSocket, on the connection that is left of it. */
const plainResponse = (request: IncomingMessage, socket: Duplex): ServerResponse => {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Node writes to any stream, and names the one that it usually has.
  response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
  response.on("finish", () => socket.end());
  return response;
};

const switching = (accept: string, protocol: string | undefined): string =>
  [
    "HTTP/1.1 101 Switching Protocols",
    "upgrade: websocket",
    "connection: Upgrade",
    `sec-websocket-accept: ${accept}`,
    ...(protocol === undefined ? [] : [`sec-websocket-protocol: ${protocol}`]),
    "\r\n",
  ].join("\r\n");

/** Carries a program's WebSocket to the worker, which opens it to the host; no extension is spoken on the way. */
export const carrySocket = (
  { worker, traffic }: Carrier,
  host: string,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void => {
  const wished = request.headers["sec-websocket-key"] ?? "";
  const carried = request.method === "GET" && key.test(wished) ? headForWorker(host, request) : null;
  if (carried === null) {
    sendWireAnswer(
      plainResponse(request, socket),
      wireAnswer("ValidationError", "This request can't be carried out of the sandbox."),
    );
    return;
  }
  const upstream = worker.request("GET", egressApi.callPath, {
    [egressApi.headHeader]: carried,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-key": wished,
    "sec-websocket-version": "13",
  });
  const unreachable = () =>
    sendWireAnswer(plainResponse(request, socket), wireAnswer("UpstreamError", "Can't reach this host right now."));
  upstream.on("error", unreachable);
  upstream.on("response", (answer) => {
    try {
      passAnswer(answer, plainResponse(request, socket));
    } catch {
      answer.destroy();
      socket.destroy();
    }
  });
  upstream.on("upgrade", (answer, way: Duplex, first: Buffer) => {
    const accept = answer.headers["sec-websocket-accept"];
    const protocol = answer.headers["sec-websocket-protocol"];
    if (accept === undefined || (protocol !== undefined && !token.test(protocol))) {
      way.destroy();
      unreachable();
      return;
    }
    upstream.off("error", unreachable).on("error", () => socket.destroy());
    if (head.length > 0) socket.unshift(head);
    if (first.length > 0) way.unshift(first);
    socket.write(switching(accept, protocol));
    way.on("error", () => socket.destroy());
    way.on("close", () => socket.destroy());
    for (const side of [socket, way]) side.on("data", traffic.note);
    socket.pipe(way).pipe(socket);
  });
  socket.on("close", () => worker.giveUp(upstream));
  upstream.end();
};
