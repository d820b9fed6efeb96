import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { closeCode } from "@threadbox/contracts/errors";
import type { SandboxName } from "@threadbox/contracts/ids";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { HostError } from "../errors.ts";
import { proxyPort } from "../ports/port-proxy.ts";
import { parsePortRoute } from "../ports/port-route.ts";
import { proxySocket, refuseSocket } from "../ports/port-socket.ts";
import type { SandboxRegistry } from "../sandboxes/registry.ts";
import type { SandboxUse } from "../sandboxes/use.ts";
import { type AppOptions, createApp } from "./app.ts";
import type { CheckBearer } from "./bearer.ts";
import { contained } from "./contained.ts";
import { parseGeneration } from "./generation.ts";
import { sendWireAnswer, wireAnswer, wireAnswerOf, writeWireAnswer } from "./wire.ts";

const generationOf = (request: IncomingMessage): number | undefined =>
  parseGeneration(request.headers[sandboxHostApi.generationHeader]);

const useFor = (registry: SandboxRegistry, name: SandboxName, request: IncomingMessage): SandboxUse =>
  request.headers[sandboxHostApi.lookHeader] === undefined
    ? registry.use(name, generationOf(request))
    : registry.look(name, generationOf(request));

/** Takes WebSocket handshakes; only ports have them. */
const upgrade =
  (registry: SandboxRegistry, checkBearer: CheckBearer) =>
  (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on("error", () => stream.destroy());
    try {
      checkBearer(request.headers.authorization);
      const route = parsePortRoute(request.url ?? "");
      if (route === undefined) {
        writeWireAnswer(stream, wireAnswer("NotFound", "There is no such route."));
        return;
      }
      const { sandbox, flows, release } = useFor(registry, route.name, request);
      flows();
      stream.once("close", release);
      proxySocket(sandbox, route, request, stream, head);
    } catch (error) {
      if (error instanceof HostError && error.tag === "SandboxInterrupted") {
        refuseSocket(request, stream, head, closeCode.generationChanged, error.message);
      } else {
        writeWireAnswer(stream, wireAnswerOf(error));
      }
    }
  };

/** The control channel as one HTTP server, not yet listening. */
export const createHostServer = (options: AppOptions): Server => {
  const { registry, checkBearer, log } = options;
  const routes = getRequestListener(createApp(options).fetch);

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      const route = parsePortRoute(request.url ?? "");
      if (route === undefined) {
        routes(request, response).catch((error: unknown) => {
          log.error({ event: "request.failed", err: error }, "a request failed outside its route");
          response.destroy();
        });
        return;
      }
      checkBearer(request.headers.authorization);
      const { sandbox, flows, release } = useFor(registry, route.name, request);
      response.once("close", release);
      proxyPort({ sandbox, route, request, response, onAnswer: flows });
    } catch (error) {
      request.resume();
      sendWireAnswer(response, wireAnswerOf(error));
    }
  };
  // Uploads and event streams take as long as they take.
  const server = createServer({ requestTimeout: 0 }, contained(log, answer));
  server.on("upgrade", contained(log, upgrade(registry, checkBearer)));
  return server;
};
