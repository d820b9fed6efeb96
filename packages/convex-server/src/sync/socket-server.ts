import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { Session, type SessionOptions } from "./session.ts";

export type SocketServerOptions = Omit<SessionOptions, "socket" | "ip" | "userAgent"> & {
  /** The only browser origin that is let in; programs send none. */
  readonly appOrigin: string;
  /** How long a socket may stay without its first message. */
  readonly connectTimeoutMs: number;
};

/** Matched on the request line as it stands: an address that does not parse is none of ours, and nothing throws on it. */
const syncTarget = /^\/api(?:\/[^/?#]+)?\/sync(?:\?|$)/;
const messageSizeMax = 20 << 20;
/** Characters of messages that have not been handled; until they are, no more are read from that client. */
const backlogMax = 1 << 20;
const socketsMax = 4_096;
/** A client that has read nothing for so long, though something waits for it, is disconnected; it may come back. */
const stalledMsMax = 60_000;
const pingIntervalMs = 15_000;

const refuse = (socket: Duplex, status: string): void => {
  // A client that does not hang up would hold the connection, which no time limit of the HTTP server watches any more.
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Accepts the sync protocol's WebSockets on an HTTP server. */
export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: messageSizeMax });
  readonly #sessions = new Map<WebSocket, Session>();
  readonly #pings: NodeJS.Timeout;

  constructor(server: Server, options: SocketServerOptions) {
    this.#options = options;
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#pings = setInterval(() => {
      for (const [socket, session] of this.#sessions) {
        if (session.stalledMs > stalledMsMax) socket.terminate();
        else session.ping();
      }
    }, pingIntervalMs);
    this.#pings.unref();
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  close(): void {
    clearInterval(this.#pings);
    for (const socket of this.#sessions.keys()) socket.close(1001, "InternalServerError: restarting");
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    try {
      const { origin } = request.headers;
      if (!syncTarget.test(request.url ?? "")) {
        refuse(socket, "404 Not Found");
      } else if (origin !== undefined && origin !== this.#options.appOrigin) {
        refuse(socket, "403 Forbidden");
      } else if (this.#sessions.size >= socketsMax) {
        refuse(socket, "503 Service Unavailable");
      } else {
        this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#accept(accepted, request));
      }
    } catch (thrown) {
      // A handshake is a stranger's: whatever is wrong with it, or with us, costs this connection and no other.
      this.#options.log.error({ err: thrown }, "a handshake failed");
      socket.destroy();
    }
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const session = new Session({
      ...this.#options,
      ip: request.socket.remoteAddress ?? null,
      userAgent: request.headers["user-agent"] ?? null,
      socket: {
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (text, onTaken) => socket.send(text, onTaken),
        close: (code, reason) => socket.close(code, reason),
      },
    });
    this.#sessions.set(socket, session);
    const connectTimer = setTimeout(() => {
      if (!session.isConnected) socket.close(1008, "No Connect message");
    }, this.#options.connectTimeoutMs);
    this.#listen(socket, session);
    // A peer that breaks the rules of the carrier; `ws` closes the connection.
    socket.on("error", (error) => this.#options.log.info({ reason: error.message }, "a socket broke off"));
    socket.on("close", () => {
      clearTimeout(connectTimer);
      this.#sessions.delete(socket);
      session.close();
    });
  }

  #listen(socket: WebSocket, session: Session): void {
    let backlog = 0;
    socket.on("message", (data, isBinary) => {
      if (isBinary) {
        socket.close(1003, "Only text messages");
        return;
      }
      const text = data.toString();
      backlog += text.length;
      if (backlog > backlogMax) socket.pause();
      void session.receive(text).finally(() => {
        backlog -= text.length;
        if (backlog <= backlogMax) socket.resume();
      });
    });
  }
}
