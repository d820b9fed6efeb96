import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import type { Route } from "../../http/route.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { completeChat, describeModel, listModels, requireSandbox } from "./gateway.ts";

export const modelRoutes: readonly Route<WorkerConfig | Sandboxes>[] = [
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
    handle: ({ request }) => completeChat(request),
  },
  {
    method: "GET",
    path: "/internal/model/v1/models",
    audience: "machine",
    handle: ({ request }) => Effect.map(requireSandbox(request), () => Response.json(listModels)),
  },
];
