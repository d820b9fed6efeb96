import { waitUntil } from "cloudflare:workers";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { Clock, Context, Effect, Layer, Schema } from "effect";
import { type ConvexArgs, ConvexClient } from "./convex-client.ts";
import { log } from "./log.ts";
import { RefusalLedger } from "./refusal-ledger.ts";

/** Who asked, as a verified token says, and of which thread that token is, where it is one thread's. */
export const Subject = Schema.Struct({ userId: UserId, threadId: Schema.optionalKey(ThreadId) });
export type Subject = typeof Subject.Type;

/** Something that a person did, or tried and failed to. Holds no value of any secret. */
export interface AuditEntry {
  /** Makes a second append of the same fact harmless; the request's id. */
  readonly requestId: string;
  /** Past tense, e.g. `sandbox.restarted`. */
  readonly action: string;
  readonly actorId: UserId;
  /** Absent where it concerns no single thread. */
  readonly threadId?: ThreadId;
  readonly outcome: "succeeded" | "failed";
  /** One plain sentence. */
  readonly reason?: string;
}

/** Something that was not let in. */
export interface AuditRefusal {
  readonly action: "request.refused" | "socket.refused";
  readonly tag: ErrorTag;
  /** Null where nobody was proved: what a request says of itself is not written down. */
  readonly subject: Subject | null;
  readonly requestId?: string;
}

export interface AuditTrailShape {
  /** Records the entry behind the answer's back: no request waits for it, and none fails with it. */
  append(entry: AuditEntry): Effect.Effect<void>;
  /** The same for a refusal. Those alike in subject, tag and minute are one row with a count. */
  refuse(refusal: AuditRefusal): Effect.Effect<void>;
}

export class AuditTrail extends Context.Service<AuditTrail, AuditTrailShape>()(
  "threadbox/worker/platform/AuditTrail",
) {}

export const auditTrailLayer: Layer.Layer<AuditTrail, never, ConvexClient> = Layer.effect(
  AuditTrail,
  Effect.gen(function* () {
    const convex = yield* ConvexClient;
    const ledger = new RefusalLedger();

    /** The platform ends what a request leaves behind unless it is told to wait: this is an entry point of its own. */
    const deliver = (row: ConvexArgs & { readonly auditId: string; readonly outcome: string }) =>
      Effect.sync(() => {
        const delivery = Effect.match(convex.mutation("audit:append", row), {
          onSuccess: () => {},
          onFailure: ({ _tag }) => log("audit.lost", { auditId: row.auditId, outcome: row.outcome, tag: _tag }),
        });
        waitUntil(Effect.runPromise(delivery));
      });

    return {
      append: Effect.fnUntraced(function* ({ requestId, action, ...entry }) {
        const at = yield* Clock.currentTimeMillis;
        yield* deliver({ auditId: `${requestId}:${action}`, at, requestId, action, ...entry });
      }),
      refuse: Effect.fnUntraced(function* ({ action, tag, subject, requestId }) {
        const at = yield* Clock.currentTimeMillis;
        const { auditId, count } = ledger.count([action, tag, subject?.userId ?? ""], at);
        if (count === null) return;
        const { userId: actorId, threadId } = subject ?? {};
        yield* deliver({ auditId, at, requestId, action, outcome: "refused", tag, actorId, threadId, count });
      }),
    };
  }),
);
