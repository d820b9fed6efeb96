import { waitUntil } from "cloudflare:workers";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { Clock, Context, Effect, Layer, Schema } from "effect";
import { type AuditRow, setAsideAction } from "./audit-outbox.ts";
import { log } from "./log.ts";
import type { OutboxCounts, SetAside } from "./outbox.ts";
import { auditOutboxRef, auditOutboxRefs } from "./refs.ts";
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
  /** The same for a row of that thread's that Convex will not have. */
  setAside(threadId: ThreadId, refused: SetAside): Effect.Effect<void>;
  /** How many rows of the audit Convex has not taken, and how many rows of anybody's it will not have. */
  readonly counts: Effect.Effect<OutboxCounts>;
}

export class AuditTrail extends Context.Service<AuditTrail, AuditTrailShape>()(
  "threadbox/worker/platform/AuditTrail",
) {}

/** How often a row is handed over to its outbox before it counts as lost. */
const handoversMax = 3;

/** Rows go to an outbox of their own and from there to Convex, so that none is lost while Convex is away. */
export const auditTrailLayer = (env: Pick<Env, "AUDIT_OUTBOX">): Layer.Layer<AuditTrail> =>
  Layer.sync(AuditTrail, () => {
    const ledger = new RefusalLedger();

    /** The platform ends what a request leaves behind unless it is told to wait: this is an entry point of its own. */
    const deliver = (row: AuditRow, userId = "") =>
      Effect.sync(() => {
        const handover = Effect.tryPromise(() => auditOutboxRef(env, userId).append(row)).pipe(
          Effect.retry({ times: handoversMax - 1 }),
          Effect.catch(() =>
            Effect.sync(() => log("audit.lost", { auditId: row.auditId, outcome: row.outcome, tag: "Internal" })),
          ),
        );
        waitUntil(Effect.runPromise(handover));
      });

    return {
      append: Effect.fnUntraced(function* ({ requestId, action, ...entry }) {
        const at = yield* Clock.currentTimeMillis;
        yield* deliver({ auditId: `${requestId}:${action}`, at, requestId, action, ...entry }, entry.actorId);
      }),
      refuse: Effect.fnUntraced(function* ({ action, tag, subject, requestId }) {
        const at = yield* Clock.currentTimeMillis;
        const { auditId, count } = ledger.count([action, tag, subject?.userId ?? ""], at);
        if (count === null) return;
        const { userId: actorId, threadId } = subject ?? {};
        yield* deliver({ auditId, at, requestId, action, outcome: "refused", tag, actorId, threadId, count }, actorId);
      }),
      setAside: Effect.fnUntraced(function* (threadId, { row, tag }) {
        const at = yield* Clock.currentTimeMillis;
        const auditId = [setAsideAction, threadId, row.path, row.sequence].join(":");
        const reason = `Convex refused ${row.path} ten times.`;
        const known = tag === null ? {} : { tag };
        yield* deliver({ auditId, at, action: setAsideAction, outcome: "failed", threadId, reason, ...known });
      }),
      counts: Effect.promise(async () => {
        const counts = await Promise.all(auditOutboxRefs(env).map((outbox) => outbox.counts()));
        return {
          owed: counts.reduce((sum, { owed }) => sum + owed, 0),
          setAside: counts.reduce((sum, { setAside }) => sum + setAside, 0),
        };
      }),
    };
  });
