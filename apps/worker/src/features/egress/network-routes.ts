import { ChangeThreadNetwork, type ThreadNetwork } from "@threadbox/contracts/egress-policy";
import { Clock, Effect } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import type { Route } from "../../http/route.ts";
import { type AuditEntry, AuditTrail } from "../../platform/audit.ts";
import { Journal } from "../../platform/journal.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { putInForce } from "./in-force.ts";
import { Policies } from "./policies.ts";
import type { EgressPolicy } from "./policy.ts";
import { standardHosts } from "./standard-hosts.ts";

const path = "/api/sandbox/:threadId/network";
const words = "The body must say which host to allow or to remove, or what the thread may reach.";
const readChange = jsonBody(ChangeThreadNetwork, words, smallBody);

const viewOf = ({ common: { revision: _, ...common }, thread }: EgressPolicy, isInForce: boolean): ThreadNetwork => ({
  ...thread,
  common,
  standardHosts,
  isInForce,
});

/** The deed in the words of the audit, and of the journal. */
const deedOf = (change: ChangeThreadNetwork) => {
  if ("allow" in change) return { action: "network.host_allowed", change: "allowed", subject: change.allow } as const;
  if ("remove" in change) return { action: "network.host_removed", change: "removed", subject: change.remove } as const;
  return { action: "network.reach_changed", change: change.reach, subject: "" } as const;
};

/** Which hosts a thread may reach, for its owner. Neither starts a sandbox. */
export const networkRoutes: readonly Route<ThreadDoor | Policies | Sandboxes | AuditTrail | Journal>[] = [
  {
    method: "GET",
    path,
    audience: "page",
    handle: Effect.fn("readNetwork")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const policies = yield* Policies;
      return Response.json(viewOf(yield* policies.of(threadId), true));
    }),
  },
  {
    method: "PATCH",
    path,
    audience: "page",
    handle: Effect.fn("changeNetwork")(function* (routed) {
      const { threadId, userId: actorId } = yield* authorizeThread(routed, "header");
      const wish = yield* readChange(routed);
      const policies = yield* Policies;
      const audit = yield* AuditTrail;
      const journal = yield* Journal;
      const { requestId } = routed;
      const { action, change, subject } = deedOf(wish);
      const reason = subject === "" ? `Reach: ${change}.` : `${subject}.`;
      const entry = { requestId, action, actorId, threadId, reason } satisfies Omit<AuditEntry, "outcome">;
      const policy = yield* Effect.tapError(policies.change(threadId, wish), () =>
        audit.append({ ...entry, outcome: "failed" }),
      );
      const isInForce = yield* putInForce(threadId);
      yield* audit.append({ ...entry, outcome: "succeeded" });
      const at = yield* Clock.currentTimeMillis;
      const entryId = `network:${requestId}`;
      yield* journal.append(threadId, { entryId, kind: "network", at, revision: 1, subject, detail: { change } });
      return Response.json(viewOf(policy, isInForce));
    }),
  },
];
