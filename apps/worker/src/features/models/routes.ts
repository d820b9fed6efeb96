import { workerOperations } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { jsonRoute, type Route } from "../../http/route.ts";
import type { Outbound } from "../../platform/outbound.ts";
import { requireSandbox, type SandboxDoor } from "../sandbox/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import { completeChat, describeModel, listModels } from "./gateway.ts";

export const modelRoutes: readonly Route<SandboxDoor | Outbound | SecretVault>[] = [
  jsonRoute("model", "page", () => describeModel),
  {
    ...workerOperations.completeChat,
    audience: "machine",
    handle: completeChat,
  },
  {
    ...workerOperations.listModels,
    audience: "machine",
    handle: ({ request }) => Effect.map(requireSandbox(request), () => Response.json(listModels)),
  },
];
