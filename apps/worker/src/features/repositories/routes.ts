import { CloneRepository } from "@threadbox/contracts/repository";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { cloneInto, cloneState, requireRepository } from "./cloning.ts";
import { readTrust, setTrust } from "./trust.ts";

const readOrder = jsonBody(CloneRepository, "The body must say url, and may say branch and isShallow.", {
  bytesMax: 16_384,
});

const clone = Effect.fn("cloneRepository")(function* (routed: RouteRequest) {
  const { threadId, userId } = yield* authorizeThread(routed, "header");
  const order = yield* readOrder(routed);
  yield* requireRepository(order.url);
  const audit = yield* AuditTrail;
  const entry = { requestId: routed.requestId, action: "repository.cloned", actorId: userId, threadId } as const;
  // Whatever was trusted before is not what comes now.
  yield* Sandboxes.use((sandboxes) => sandboxes.setTrusted(threadId, false));
  const files = yield* SandboxFiles.use((sandboxes) => sandboxes.open(threadId));
  yield* cloneInto(files, order);
  yield* audit.append({ ...entry, outcome: "succeeded" });
  return yield* cloneState(files);
});

/** A repository that a thread's workspace begins with, for whoever holds the thread's token. */
export const repositoryRoutes: readonly Route<ThreadDoor | SandboxFiles | Sandboxes | AuditTrail>[] = [
  jsonRoute("cloneRepository", "page", clone),
  jsonRoute(
    "readClone",
    "page",
    Effect.fn("readClone")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      return yield* cloneState(yield* SandboxFiles.use((sandboxes) => sandboxes.open(threadId)));
    }),
  ),
  jsonRoute("readTrust", "page", readTrust),
  jsonRoute("setTrust", "page", setTrust),
];
