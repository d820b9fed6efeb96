import type { ListeningPorts } from "@threadbox/contracts/views";
import { Effect } from "effect";
import type { Route } from "../../http/route.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { authorizeThread } from "../threads/index.ts";
import { listeningPorts, listeningProgram } from "./listening.ts";
import { isOurPort } from "./our-ports.ts";
import type { ViewServices } from "./services.ts";

const nothing: ListeningPorts = { ports: [] };

/** What listens in the thread's sandbox. Looking starts nothing and keeps nothing awake. */
export const portsRoute: Route<ViewServices> = {
  method: "GET",
  path: "/api/sandbox/:threadId/ports",
  audience: "page",
  handle: Effect.fn("listPorts")(function* (routed) {
    const { threadId } = yield* authorizeThread(routed, "header");
    const sandboxes = yield* Sandboxes;
    const sandbox = yield* sandboxes.peek(threadId);
    if (sandbox === null) return Response.json(nothing);
    const printed = yield* sandbox.exec(listeningProgram);
    const ports = listeningPorts(printed, (port) => isOurPort(sandbox.provider, port));
    return Response.json({ ports } satisfies ListeningPorts);
  }),
};
