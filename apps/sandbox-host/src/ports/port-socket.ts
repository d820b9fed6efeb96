import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { closeCode } from "@threadbox/contracts/errors";
import { WebSocket, WebSocketServer } from "ws";
import type { RunningSandbox } from "../engines/engine.ts";
import { HostError } from "../errors.ts";
import { portRequestHeaders } from "./port-headers.ts";
import { inwardOf } from "./port-proxy.ts";
import type { PortRoute } from "./port-route.ts";

const messageBytesMax = 32 * 1024 * 1024;
const bufferedBytesMax = 1024 * 1024;

const server = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax, perMessageDeflate: false });

/** What `ws` reports when a connection ends without a close frame. */
const brokenCode = 1006;
/** Close codes that a peer may receive but no program may send (RFC 6455 §7.4.1). */
const unsendable = new Set([1004, 1005, brokenCode, 1015]);

/** A control frame carries 125 bytes, two of them the code; `ws` throws on more. */
const reasonBytesMax = 123;

/** As much of the reason as fits, without half a character at its end. */
const fittingReason = (reason: string): string => {
  const bytes = new TextEncoder().encodeInto(reason, new Uint8Array(reasonBytesMax));
  return reason.slice(0, bytes.read);
};

const close = (socket: WebSocket, code: number, reason: string): void => {
  if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
  else socket.close(unsendable.has(code) ? closeCode.upstream : code, fittingReason(reason));
};

/** Passes messages on, and stops reading while the other side is slow. */
const relay = (from: WebSocket, to: WebSocket, fromStream: () => Duplex | undefined): void => {
  from.on("message", (message, isBinary) => {
    to.send(message, { binary: isBinary }, () => {
      if (to.bufferedAmount < bufferedBytesMax) fromStream()?.resume();
    });
    if (to.bufferedAmount >= bufferedBytesMax) fromStream()?.pause();
  });
};

/** Accepts the handshake only to close with a code that says why: a browser sees no status of a refused handshake. */
export const refuseSocket = (
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  code: number,
  reason: string,
): void => {
  server.handleUpgrade(request, stream, head, (socket) => {
    socket.on("error", () => socket.terminate());
    close(socket, code, reason);
  });
};

/** The callers' sockets of each sandbox, closed together at its end. */
const joined = new WeakMap<RunningSandbox, Set<WebSocket>>();

const socketsOf = (sandbox: RunningSandbox): Set<WebSocket> => {
  const known = joined.get(sandbox);
  if (known !== undefined) return known;
  const sockets = new Set<WebSocket>();
  joined.set(sandbox, sockets);
  sandbox.ended.then((end) => {
    for (const socket of sockets) close(socket, closeCode.generationChanged, end.reason);
  });
  return sockets;
};

interface Streams {
  readonly outerStream: Duplex;
  readonly innerStream: () => Duplex | undefined;
}

/** A connection that breaks without a word usually means that the sandbox is ending; its end then says so. */
const endNoticeMs = 1_000;

const join = (sandbox: RunningSandbox, outer: WebSocket, inner: WebSocket, streams: Streams): void => {
  const sockets = socketsOf(sandbox);
  sockets.add(outer);
  relay(outer, inner, () => streams.outerStream);
  relay(inner, outer, streams.innerStream);
  outer.on("error", () => inner.terminate());
  outer.on("close", (code, reason) => {
    sockets.delete(outer);
    close(inner, code, reason.toString());
  });
  inner.on("close", (code, reason) => {
    if (code !== brokenCode) close(outer, code, reason.toString());
    else setTimeout(() => close(outer, closeCode.upstream, "The program broke the connection."), endNoticeMs).unref();
  });
};

/**
 * Joins a WebSocket to a port inside. The caller's handshake is answered after the program's, with the program's
 * subprotocol; when the sandbox ends, the caller's socket closes with 4409.
 */
export const proxySocket = (
  sandbox: RunningSandbox,
  route: PortRoute,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): void => {
  const protocols = (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  if (protocols.some((one) => !/^[!#$%&'*+\-.^_`|~\w]+$/.test(one)) || new Set(protocols).size < protocols.length) {
    throw new HostError("ValidationError", "These are no subprotocols.");
  }
  // A fragment never leaves a browser, and `ws` throws on one.
  if (route.path.includes("#")) throw new HostError("ValidationError", "This is not a path.");
  let innerStream: Duplex | undefined;
  const inner = new WebSocket(`ws://127.0.0.1:${route.port}${route.path}`, protocols, {
    headers: portRequestHeaders(request.headers, inwardOf(sandbox, route), { hasBody: false }),
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
    followRedirects: false,
    handshakeTimeout: 15_000,
    createConnection: () => {
      innerStream = sandbox.connect(route.port);
      return innerStream;
    },
  });
  let outer: WebSocket | undefined;
  stream.once("close", () => {
    if (outer === undefined) inner.terminate();
  });
  inner.on("error", () => {
    if (outer !== undefined) close(outer, closeCode.upstream, "The program broke the connection.");
    else if (!stream.destroyed) {
      refuseSocket(request, stream, head, closeCode.upstream, `Nothing answers on port ${route.port}.`);
    }
  });
  inner.once("open", () => {
    if (inner.protocol === "") delete request.headers["sec-websocket-protocol"];
    else request.headers["sec-websocket-protocol"] = inner.protocol;
    // Messages that come before the caller's handshake is answered wait in the stream.
    innerStream?.pause();
    server.handleUpgrade(request, stream, head, (accepted) => {
      outer = accepted;
      join(sandbox, accepted, inner, { outerStream: stream, innerStream: () => innerStream });
      innerStream?.resume();
    });
  });
};
