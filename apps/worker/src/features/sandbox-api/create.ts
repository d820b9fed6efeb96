import { CreateSandbox, type SandboxCreated, sandboxApiLimits } from "@threadbox/contracts/sandbox-api";
import { Effect } from "effect";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { log } from "../../platform/log.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { type Caller, requireCaller } from "./door.ts";
import { findNamed } from "./named.ts";
import { recorded } from "./recorded.ts";

const refused = refuser({
  Forbidden: "A user makes sandboxes for themselves alone.",
  Conflict: "A sandbox of another user has this id.",
  StoreUnavailable: "Can't look up the sandbox right now.",
  CapabilityDenied: "Cloning isn't offered here yet. Leave out gitUrl, and clone inside the sandbox.",
});

const words =
  "The body must say id (letters, digits, - and _, 128 at most, no reserved word and nothing like a thread's id), and may say userId, config, gitUrl and gitBranch.";
const readBody = jsonBody(CreateSandbox, words, { bytesMax: sandboxApiLimits.createBytesMax });

const ownerFor = Effect.fnUntraced(function* (caller: Caller, userId: typeof CreateSandbox.Type.userId) {
  if (caller.kind === "service") {
    if (userId !== undefined) return userId;
    return yield* new RequestRefusedError({ wireTag: "ValidationError", message: "The body must say userId." });
  }
  if (userId !== undefined && userId !== caller.actorId) return yield* refused("Forbidden", { userId: caller.actorId });
  return caller.actorId;
});

/** Makes a thread of that user under this name, or finds it, and has its sandbox running. */
export const createSandbox = Effect.fn("createSandbox")(function* (routed: RouteRequest) {
  const caller = yield* requireCaller(routed);
  const { id, userId, gitUrl } = yield* readBody(routed);
  const ownerId = yield* ownerFor(caller, userId);
  if (gitUrl !== undefined && gitUrl !== null) return yield* refused("CapabilityDenied");
  const convex = yield* ConvexClient;
  const isNew = yield* convex.mutation("threads:createNamed", { sandboxId: id, ownerId });
  const found = yield* findNamed(id);
  if (found === null) return yield* refused("StoreUnavailable");
  const { threadId } = found;
  if (found.ownerId !== ownerId) return yield* refused("Conflict", { userId: caller.actorId });
  log("sandbox.named", { threadId, isNew, by: caller.kind });
  const sandboxes = yield* Sandboxes;
  yield* recorded(sandboxes.ensure(threadId), { routed, caller, threadId, action: "sandbox.created" });
  return { success: true, sandboxId: id, status: "running" } satisfies SandboxCreated;
});
