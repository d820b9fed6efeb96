import { waitUntil } from "cloudflare:workers";
import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import { Clock, Context, Effect, Layer } from "effect";
import { ConvexClient } from "./convex-client.ts";
import { log } from "./log.ts";

/** Something that a person did or was refused. Holds no value of any secret. */
export interface AuditEntry {
  /** Makes a second append of the same fact harmless; the request's id. */
  readonly requestId: string;
  /** Past tense, e.g. `sandbox.restarted`. */
  readonly action: string;
  readonly actorId: UserId;
  readonly threadId: ThreadId;
  readonly outcome: "succeeded" | "refused" | "failed";
  /** One plain sentence. */
  readonly reason?: string;
}

export interface AuditTrailShape {
  /** Records the entry behind the answer's back: no request waits for it, and none fails with it. */
  append(entry: AuditEntry): Effect.Effect<void>;
}

export class AuditTrail extends Context.Service<AuditTrail, AuditTrailShape>()(
  "threadbox/worker/platform/AuditTrail",
) {}

export const auditTrailLayer: Layer.Layer<AuditTrail, never, ConvexClient> = Layer.effect(
  AuditTrail,
  Effect.gen(function* () {
    const convex = yield* ConvexClient;
    return {
      append: Effect.fnUntraced(function* ({ requestId, action, ...entry }) {
        const at = yield* Clock.currentTimeMillis;
        const row = { auditId: `${requestId}:${action}`, at, requestId, action, ...entry };
        const delivery = Effect.match(convex.mutation("audit:append", row), {
          onSuccess: () => {},
          onFailure: ({ _tag }) => log("audit.lost", { requestId, action, outcome: entry.outcome, tag: _tag }),
        });
        // The platform ends what a request leaves behind unless it is told to wait: this is an entry point of its own.
        yield* Effect.sync(() => waitUntil(Effect.runPromise(delivery)));
      }),
    };
  }),
);
