import { workerOperations } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { jsonRoute, type Route } from "../../http/route.ts";
import type { Outbound, PublicOutbound } from "../../platform/outbound.ts";
import type { Policies } from "../egress/index.ts";
import { requireSandbox, type SandboxDoor } from "../sandbox/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import { completeChat, describeModel, listModels } from "./gateway.ts";
import { createMessage, createResponse } from "./own-gateway.ts";
import type { OwnModels } from "./own-models.ts";

type Services = SandboxDoor | Outbound | PublicOutbound | Policies | SecretVault | OwnModels;

export const modelRoutes: readonly Route<Services>[] = [
  jsonRoute("model", "page", () => describeModel),
  {
    ...workerOperations.completeChat,
    audience: "machine",
    handle: completeChat,
  },
  {
    ...workerOperations.createMessage,
    audience: "machine",
    handle: createMessage,
  },
  {
    ...workerOperations.createResponse,
    audience: "machine",
    handle: createResponse,
  },
  {
    ...workerOperations.listModels,
    audience: "machine",
    handle: ({ request }) => Effect.map(requireSandbox(request), () => Response.json(listModels)),
  },
];
