import { Schema } from "effect";
import { Generation, ThreadId } from "./ids.ts";

/** Most sandboxes that one request starts again. */
export const gatewayRestartMax = 200;

/**
 * Body of `POST /api/admin/gateway/restart`: which threads' OpenCode is started again, with all that runs beside it. Without
 * a body, or without threads, every one that runs. Files, conversations and people's sockets stay.
 */
export const RestartGateways = Schema.Struct({
  threadIds: Schema.optionalKey(
    Schema.Array(ThreadId).check(Schema.isMinLength(1), Schema.isMaxLength(gatewayRestartMax)),
  ),
});
export type RestartGateways = typeof RestartGateways.Type;

/**
 * `restarted`: a new start answers to its new password and refuses the one before. `skipped`: nothing ran, so that the next
 * start is a fresh one in any case. `failed`: see `reason`.
 */
export const GatewayRestartOutcome = Schema.Literals(["restarted", "skipped", "failed"]);

export const GatewayRestart = Schema.Struct({
  threadId: ThreadId,
  outcome: GatewayRestartOutcome,
  /** Numbers of the start before and of the one that runs now; null: there was none, or there is none. */
  before: Schema.NullOr(Generation),
  after: Schema.NullOr(Generation),
  /** How long nobody answered, in milliseconds; null unless restarted. */
  downMs: Schema.NullOr(Schema.Number),
  /** One plain sentence. */
  reason: Schema.String,
});
export type GatewayRestart = typeof GatewayRestart.Type;

/** Answer of `POST /api/admin/gateway/restart`, whatever the single outcomes are. */
export const GatewaysRestarted = Schema.Struct({
  /** False where one of them has failed. */
  ok: Schema.Boolean,
  message: Schema.String,
  gateways: Schema.Array(GatewayRestart),
});
export type GatewaysRestarted = typeof GatewaysRestarted.Type;
