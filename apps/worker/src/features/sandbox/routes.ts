import { workerOperations } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import type { UserDoor } from "../users/index.ts";
import { restartGateways } from "./gateway-restart.ts";
import { hearEnds, hearNaps } from "./hear-ends.ts";
import type { HostDoor } from "./host-door.ts";
import type { SandboxProvider } from "./provider.ts";
import { Sandboxes } from "./sandbox.ts";
import type { StartPlan } from "./start-plan.ts";
import { tellWarmPlan } from "./warm-plan.ts";

type Needs = Sandboxes | ThreadDoor | UserDoor | AuditTrail | ConvexClient | HostDoor | SandboxProvider | StartPlan;

export const sandboxRoutes: readonly Route<Needs>[] = [
  {
    ...workerOperations.hearEnds,
    audience: "machine",
    handle: ({ request }) => hearEnds(request),
  },
  {
    ...workerOperations.hearNaps,
    audience: "machine",
    handle: ({ request }) => hearNaps(request),
  },
  {
    ...workerOperations.tellWarmPlan,
    audience: "machine",
    handle: ({ request }) => tellWarmPlan(request),
  },
  jsonRoute("restartGateways", "page", restartGateways),
  jsonRoute(
    "restartSandbox",
    "page",
    Effect.fn("restartSandbox")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const sandboxes = yield* Sandboxes;
      const audit = yield* AuditTrail;
      const entry = { requestId: routed.requestId, action: "sandbox.restarted", actorId: userId, threadId } as const;
      const startsEmpty = new URL(routed.request.url).searchParams.get("files") === "forgo";
      return yield* sandboxes.restart(threadId, startsEmpty).pipe(
        Effect.tapError(({ message }) => audit.append({ ...entry, outcome: "failed", reason: message })),
        Effect.tap(() => audit.append({ ...entry, outcome: "succeeded" })),
      );
    }),
  ),
];
