import { Clock, Effect } from "effect";
import { jsonRoute, type Route } from "../../http/route.ts";
import type { AuditTrail } from "../../platform/audit.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { Asking } from "../chat/index.ts";
import { type ProviderChoice, ProviderProbe, Sandboxes, type SandboxFiles } from "../sandbox/index.ts";
import type { WorkspaceCopies } from "../sync/index.ts";
import type { ThreadAccess } from "../threads/index.ts";
import { createSandbox } from "./create.ts";
import { type CallerDoor, requireCaller } from "./door.ts";
import { messageSandbox } from "./message.ts";
import { requireNamed } from "./named.ts";
import { recorded } from "./recorded.ts";
import { readSandbox } from "./sandbox-info.ts";
import { syncSandbox } from "./sync.ts";
import { hearWebhook } from "./webhook.ts";

type Services =
  | CallerDoor
  | ThreadAccess
  | Sandboxes
  | SandboxFiles
  | ConvexClient
  | AuditTrail
  | Asking
  | Metrics
  | WorkspaceCopies
  | ProviderProbe
  | ProviderChoice;

/** Sandboxes of other programs' naming, on the threads and the one lifecycle that people have. */
export const sandboxApiRoutes: readonly Route<Services>[] = [
  jsonRoute("createSandbox", "page", createSandbox),
  jsonRoute("readSandbox", "page", readSandbox),
  jsonRoute(
    "deleteSandbox",
    "page",
    Effect.fn("deleteSandbox")(function* (routed) {
      const { id, threadId, caller } = yield* requireNamed(routed);
      const convex = yield* ConvexClient;
      // The thread goes as when its owner deletes it: its sandbox is ended by its next look at who may use it.
      const removing = convex.mutation("threads:removeNamed", { threadId });
      yield* recorded(removing, { routed, caller, threadId, action: "sandbox.deleted" });
      return { success: true, sandboxId: id } as const;
    }),
  ),
  jsonRoute(
    "wakeSandbox",
    "page",
    Effect.fn("wakeSandbox")(function* (routed) {
      const { id, threadId, caller } = yield* requireNamed(routed);
      const sandboxes = yield* Sandboxes;
      const before = yield* Clock.currentTimeMillis;
      yield* recorded(sandboxes.ensure(threadId), { routed, caller, threadId, action: "sandbox.woken" });
      const wakeMs = (yield* Clock.currentTimeMillis) - before;
      return { success: true, sandboxId: id, status: "running", wakeMs } as const;
    }),
  ),
  jsonRoute("messageSandbox", "page", messageSandbox),
  jsonRoute("syncSandbox", "page", syncSandbox),
  jsonRoute(
    "listProviders",
    "page",
    Effect.fn("listProviders")(function* (routed) {
      yield* requireCaller(routed);
      return yield* Effect.flatten(ProviderProbe);
    }),
  ),
  jsonRoute("hearWebhook", "machine", hearWebhook),
];
