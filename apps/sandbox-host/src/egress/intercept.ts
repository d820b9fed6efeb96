import * as http from "node:http";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import type { Logger } from "pino";
import type { Traffic } from "../engines/engine.ts";
import { contained } from "../http/contained.ts";
import { sendWireAnswer, wireAnswer } from "../http/wire.ts";
import { carryCall } from "./carry.ts";
import { carrySocket } from "./carry-socket.ts";
import type { FindCertificate } from "./certificates.ts";
import type { EgressWorker } from "./worker.ts";

export interface InterceptOptions {
  readonly worker: EgressWorker;
  readonly findCertificate: FindCertificate;
  readonly traffic: Traffic;
  readonly log: Logger;
}

/** Takes over a program's connection to a host, from its first byte of TLS. */
export interface Interception {
  take(client: Duplex, host: string): Promise<void>;
}

const handshakeMsMax = 10_000;

/** `api.test` and `api.test:443` are the host that was connected to; anything else is another one. */
const isFor = (header: string | undefined, host: string): boolean =>
  header !== undefined && header.toLowerCase().replace(/:443$/, "") === host;

/** Ends the encryption of intercepted connections and carries each request in them, all with HTTP/1.1. */
export const openInterception = ({ worker, findCertificate, traffic, log }: InterceptOptions): Interception => {
  const hosts = new WeakMap<Duplex, string>();
  const serve = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const host = hosts.get(request.socket);
    if (host === undefined || !isFor(request.headers.host, host)) {
      request.resume();
      sendWireAnswer(response, wireAnswer("Forbidden", "The request names another host than its connection."));
      return;
    }
    carryCall({ worker, traffic }, host, request, response);
  };
  const server = http.createServer({ requestTimeout: 0 }, contained(log, serve));
  const serveSocket = (request: http.IncomingMessage, socket: Duplex, head: Buffer): void => {
    const host = hosts.get(socket);
    socket.on("error", () => socket.destroy());
    if (host === undefined || !isFor(request.headers.host, host)) socket.destroy();
    else carrySocket({ worker, traffic }, host, request, socket, head);
  };
  server.on("upgrade", contained(log, serveSocket));
  return {
    take: async (client, host) => {
      const secureContext = await findCertificate(host);
      const socket = new tls.TLSSocket(client, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] });
      hosts.set(socket, host);
      socket.setTimeout(handshakeMsMax, () => socket.destroy());
      socket.once("secure", () => {
        socket.setTimeout(0);
        server.emit("connection", socket);
      });
      socket.on("error", () => socket.destroy());
      socket.on("close", () => client.destroy());
      client.on("close", () => socket.destroy());
    },
  };
};
