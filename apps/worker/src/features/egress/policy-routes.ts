import { CommonPolicy, type CommonPolicyView } from "@threadbox/contracts/egress-policy";
import { hostRuleLimits } from "@threadbox/contracts/host-rules";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import type { Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { requireAdmin, requireRecentAdmin, type UserDoor } from "../users/index.ts";
import { putInForce } from "./in-force.ts";
import { Policies } from "./policies.ts";
import { policyChange } from "./policy-change.ts";
import { standardHosts } from "./standard-hosts.ts";

const path = "/api/admin/egress-policy";
const words = "The body must say mode, hasStandardHosts, hosts, canOwnersAdd and the revision that it replaces.";
const readPolicy = jsonBody(CommonPolicy, words, {
  bytesMax: hostRuleLimits.commonMax * (hostRuleLimits.lengthMax + 3) + 1_024,
});

/** Which hosts every thread may reach, for admins. */
export const policyRoutes: readonly Route<UserDoor | Policies | Sandboxes | AuditTrail>[] = [
  {
    method: "GET",
    path,
    audience: "page",
    handle: Effect.fn("readCommonPolicy")(function* (routed) {
      yield* requireAdmin(routed);
      const policies = yield* Policies;
      return Response.json({
        policy: yield* policies.common,
        standardHosts,
        isInForce: true,
      } satisfies CommonPolicyView);
    }),
  },
  {
    method: "PUT",
    path,
    audience: "page",
    handle: Effect.fn("setCommonPolicy")(function* (routed) {
      const { userId: actorId } = yield* requireRecentAdmin(routed);
      const wish = yield* readPolicy(routed);
      const policies = yield* Policies;
      const audit = yield* AuditTrail;
      const entry = { requestId: routed.requestId, action: "network.policy_changed", actorId } as const;
      const before = yield* policies.common;
      const policy = yield* Effect.tapError(policies.setCommon(wish), ({ message }) =>
        audit.append({ ...entry, outcome: "failed", reason: message }),
      );
      const isInForce = yield* putInForce(null);
      yield* audit.append({ ...entry, outcome: "succeeded", reason: policyChange(before, policy) });
      return Response.json({ policy, standardHosts, isInForce } satisfies CommonPolicyView);
    }),
  },
];
