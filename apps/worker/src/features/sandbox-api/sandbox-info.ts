import type { SandboxStatus } from "@threadbox/contracts/sandbox";
import type { ApiSandboxStatus, SandboxInfo } from "@threadbox/contracts/sandbox-api";
import { openCodeApi } from "@threadbox/contracts/views";
import { fillPath } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { RouteRequest } from "../../http/route.ts";
import { ProviderChoice, Sandboxes } from "../sandbox/index.ts";
import { requireNamed } from "./named.ts";

const statuses: Readonly<Record<SandboxStatus, ApiSandboxStatus>> = {
  none: "creating",
  starting: "starting",
  ready: "running",
  busy: "running",
  napping: "running",
  asleep: "sleeping",
  failed: "error",
  destroyed: "stopped",
};

export const readSandbox = Effect.fn("readSandbox")(function* (routed: RouteRequest) {
  const { id, threadId, ownerId } = yield* requireNamed(routed);
  const sandboxes = yield* Sandboxes;
  const { appOrigin, sandboxes: configured } = yield* WorkerConfig;
  const known = yield* sandboxes.find(threadId);
  const { usual } = yield* ProviderChoice.use(({ offer }) => offer);
  const provider = known?.provider ?? (yield* sandboxes.providerOf(threadId)) ?? usual ?? "local";
  const { workerUrl } = configured.cloudflare;
  const base = provider === "cloudflare" && workerUrl !== null ? workerUrl : routed.request.url;
  return {
    id,
    userId: ownerId,
    status: statuses[known?.status ?? "none"],
    provider,
    opencodeUrl: new URL(fillPath(openCodeApi.root.path, { threadId }), base).href,
    threadId,
    threadUrl: new URL(`/t/${threadId}`, appOrigin).href,
    generation: known?.generation ?? null,
    reason: known?.reason ?? "The sandbox has not been needed yet.",
  } satisfies SandboxInfo;
});
