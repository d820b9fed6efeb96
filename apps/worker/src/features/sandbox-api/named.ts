import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { SandboxId } from "@threadbox/contracts/sandbox-api";
import { Effect, Schema } from "effect";
import { refuser } from "../../http/failure.ts";
import type { RouteRequest } from "../../http/route.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { ThreadAccess } from "../threads/index.ts";
import { type Caller, requireCaller } from "./door.ts";

/** Missing, deleted and somebody else's are one and the same refusal. */
const refused = refuser({ NotFound: "This sandbox doesn't exist, or you don't have access." });

export interface NamedSandbox {
  /** As the caller names it. */
  readonly id: string;
  readonly threadId: ThreadId;
  readonly ownerId: UserId;
  readonly caller: Caller;
}

const isThreadId = Schema.is(ThreadId);
const isSandboxId = Schema.is(SandboxId);

const ownerOfThread = Effect.fnUntraced(function* (threadId: ThreadId) {
  const access = yield* ThreadAccess;
  if (!(yield* access.isGranted(threadId))) return null;
  const ownerId = yield* access.ownerOf(threadId);
  return ownerId === null ? null : { threadId, ownerId };
});

/** The thread that is called so; null where there is none. */
export const findNamed = Effect.fnUntraced(function* (id: string) {
  if (isThreadId(id)) return yield* ownerOfThread(id);
  if (!isSandboxId(id)) return null;
  const convex = yield* ConvexClient;
  const found = yield* convex.query("threads:named", { sandboxId: id });
  if (found === null) return null;
  return { threadId: ThreadId.make(found.threadId), ownerId: UserId.make(found.ownerId) };
});

/** The sandbox that the address names, where the caller may use it. */
export const requireNamed = Effect.fn("requireNamed")(function* (routed: RouteRequest) {
  const caller = yield* requireCaller(routed);
  const { id = "" } = routed.params;
  const found = yield* findNamed(id);
  const isTheirs = found !== null && (caller.kind === "service" || caller.actorId === found.ownerId);
  if (!isTheirs) return yield* refused("NotFound", { userId: caller.actorId });
  return { id, ...found, caller } satisfies NamedSandbox;
});
