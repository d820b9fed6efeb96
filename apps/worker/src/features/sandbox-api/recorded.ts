import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import type { WireFailure } from "../../http/failure.ts";
import type { RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { Caller } from "./door.ts";

interface Deed {
  readonly routed: RouteRequest;
  readonly caller: Caller;
  readonly threadId: ThreadId;
  readonly action: `sandbox.${"created" | "deleted" | "woken" | "messaged" | "synced"}`;
}

/** Has the audit know of a deed, whichever way it ends. */
export const recorded = <A, E extends WireFailure, R>(
  work: Effect.Effect<A, E, R>,
  { routed: { requestId }, caller: { actorId }, threadId, action }: Deed,
): Effect.Effect<A, E, R | AuditTrail> =>
  AuditTrail.use((audit) => {
    const entry = { requestId, action, actorId, threadId } as const;
    return work.pipe(
      Effect.tapError(({ message }) => audit.append({ ...entry, outcome: "failed", reason: message })),
      Effect.tap(() => audit.append({ ...entry, outcome: "succeeded" })),
    );
  });
