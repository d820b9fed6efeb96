import { Effect } from "effect";
import type { Route } from "../../http/route.ts";
import type { Outbound } from "../../platform/outbound.ts";
import { requireSandbox, type SandboxDoor } from "../sandbox/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import { completeChat, describeModel, listModels } from "./gateway.ts";

export const modelRoutes: readonly Route<SandboxDoor | Outbound | SecretVault>[] = [
  {
    method: "GET",
    path: "/api/model",
    audience: "page",
    handle: () => Effect.map(describeModel, (model) => Response.json(model)),
  },
  {
    method: "POST",
    path: "/internal/model/v1/chat/completions",
    audience: "machine",
    handle: completeChat,
  },
  {
    method: "GET",
    path: "/internal/model/v1/models",
    audience: "machine",
    handle: ({ request }) => Effect.map(requireSandbox(request), () => Response.json(listModels)),
  },
];
