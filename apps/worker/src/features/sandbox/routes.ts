import { ChooseProvider } from "@threadbox/contracts/sandbox";
import { workerOperations } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import type { UserDoor } from "../users/index.ts";
import { restartGateways } from "./gateway-restart.ts";
import { hearEnds, hearNaps } from "./hear-ends.ts";
import type { HostDoor } from "./host-door.ts";
import type { SandboxProviders } from "./provider.ts";
import { ProviderChoice } from "./provider-choice.ts";
import { Sandboxes } from "./sandbox.ts";
import type { StartPlan } from "./start-plan.ts";
import { tellWarmPlan } from "./warm-plan.ts";

const readChoice = jsonBody(ChooseProvider, "The body must name the provider: cloudflare, docker or local.", smallBody);

type Services =
  | Sandboxes
  | ThreadDoor
  | UserDoor
  | AuditTrail
  | ConvexClient
  | HostDoor
  | ProviderChoice
  | SandboxProviders
  | StartPlan;

export const sandboxRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "chooseProvider",
    "page",
    Effect.fn("chooseProvider")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const provider = yield* ProviderChoice.use(
        Effect.fnUntraced(function* ({ select }) {
          return yield* select(yield* readChoice(routed));
        }),
      );
      yield* Sandboxes.use((sandboxes) => sandboxes.chooseProvider(threadId, provider));
      return { provider };
    }),
  ),
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
