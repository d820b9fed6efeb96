import { createServer, type Server } from "node:http";
import type { TerminalPageFrame } from "@threadbox/contracts/terminal";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { noTerminalCode } from "./protocol.ts";
import { onRequest, routeOf, showsKey } from "./requests.ts";
import type { Terminals } from "./terminals.ts";

const frameBytesMax = 256 * 1024;
const notOurFrame = 1008;

/** The worker has looked at it; what is no frame nevertheless ends the socket. */
const readFrame = (data: RawData): TerminalPageFrame | null => {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
};

const serveReader = (terminals: Terminals, id: string, position: number, socket: WebSocket): void => {
  socket.on("error", () => socket.terminate());
  const terminal = terminals.find(id);
  if (terminal === undefined) {
    socket.close(noTerminalCode);
    return;
  }
  const reader = terminal.join(socket, position);
  socket.on("close", () => terminal.leave(reader));
  socket.on("message", (data) => {
    const frame = readFrame(data);
    if (frame?.type === "input") terminal.type(frame.text);
    else if (frame?.type === "size") terminal.resize(frame.size.columns, frame.size.rows);
    else if (frame?.type === "taken") terminal.taken(reader, frame.position);
    else socket.close(notOurFrame);
  });
};

/** The server of a sandbox's terminals: it answers nobody without the key. */
export const terminalsServer = (terminals: Terminals, key: string): Server => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: frameBytesMax, perMessageDeflate: false });
  const server = createServer(onRequest(terminals, key));
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    const route = routeOf(request.url);
    if (!showsKey(request, key) || route === null || route.id === null || !route.isSocket) {
      stream.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    const { id, position } = route;
    sockets.handleUpgrade(request, stream, head, (socket) => serveReader(terminals, id, position, socket));
  });
  return server;
};
