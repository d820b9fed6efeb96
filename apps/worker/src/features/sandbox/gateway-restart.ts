import { type GatewayRestart, type GatewaysRestarted, RestartGateways } from "@threadbox/contracts/gateway-restart";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { log } from "../../platform/log.ts";
import { requireRecentAdmin } from "../users/index.ts";
import { Sandboxes } from "./sandbox.ts";

/** Starts that a small machine bears at once. */
const concurrency = 3;

const readWish = jsonBody(RestartGateways, "The body may say threadIds, or nothing.", {
  bytesMax: 65_536,
  whenEmpty: {},
});

const restartOne = Effect.fnUntraced(function* (threadId: ThreadId) {
  const sandboxes = yield* Sandboxes;
  const nothing = { threadId, before: null, after: null, downMs: null };
  return yield* Effect.match(sandboxes.renew(threadId), {
    onSuccess: (renewal): GatewayRestart =>
      renewal === null
        ? { ...nothing, outcome: "skipped", reason: "Nothing runs here. The next start reads fresh secrets." }
        : { threadId, ...renewal, outcome: "restarted", reason: "Restarted; the old password no longer works." },
    onFailure: ({ message }): GatewayRestart => ({ ...nothing, outcome: "failed", reason: message }),
  });
});

const sentenceOf = (gateways: readonly GatewayRestart[]): string => {
  const failed = gateways.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0) return `${failed} of ${gateways.length} didn't restart.`;
  if (gateways.every(({ outcome }) => outcome === "skipped"))
    return "No gateway is running. The next start reads fresh secrets.";
  return "Gateway restarted successfully. Secrets refreshed from Worker.";
};

/**
 * `POST /api/admin/gateway/restart`: starts OpenCode of these threads again, or of all that run, a few at a time. Each start
 * has a password, a credential and secrets of its own.
 */
export const restartGateways = Effect.fn("restartGateways")(function* (routed: RouteRequest) {
  const viewer = yield* requireRecentAdmin(routed);
  const wish = yield* readWish(routed);
  const convex = yield* ConvexClient;
  const audit = yield* AuditTrail;
  const threadIds = wish.threadIds ?? (yield* convex.query("sandboxes:running", {}));
  const { requestId } = routed;
  log("gateways.restarting", { requestId, count: threadIds.length });
  const gateways = yield* Effect.forEach(
    new Set(threadIds),
    (threadId) =>
      Effect.tap(restartOne(threadId), ({ outcome, reason }) =>
        outcome === "skipped"
          ? Effect.void
          : audit.append({
              requestId,
              action: "gateway.restarted",
              actorId: viewer.userId,
              threadId,
              outcome: outcome === "failed" ? "failed" : "succeeded",
              reason,
            }),
      ),
    { concurrency },
  );
  const ok = gateways.every(({ outcome }) => outcome !== "failed");
  log("gateways.restarted", { requestId, count: gateways.length, ok });
  return { ok, message: sentenceOf(gateways), gateways } satisfies GatewaysRestarted;
});
