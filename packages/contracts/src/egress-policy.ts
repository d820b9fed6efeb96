import { Schema } from "effect";
import { hostRuleLimits, isHostRule } from "./host-rules.ts";

/**
 * Which hosts sandboxes may reach: the common policy, an admin's, and what a thread's owner makes of it for one thread.
 *
 * | GET   /api/admin/egress-policy          | → CommonPolicyView                                    |
 * | PUT   /api/admin/egress-policy          | CommonPolicy → CommonPolicyView; 409 VersionConflict  |
 * | GET   /api/sandbox/:threadId/network    | → ThreadNetwork                                       |
 * | PATCH /api/sandbox/:threadId/network    | ChangeThreadNetwork → ThreadNetwork                   |
 */
const HostRule = Schema.String.check(Schema.makeFilter((text: string) => isHostRule(text)));

/** What holds for every thread. */
export const CommonPolicy = Schema.Struct({
  /** `open`: every public host may be reached. `list`: those below. */
  mode: Schema.Literals(["open", "list"]),
  /** Whether the list begins with package registries and git hosts. */
  hasStandardHosts: Schema.Boolean,
  hosts: Schema.Array(HostRule).check(Schema.isMaxLength(hostRuleLimits.commonMax)),
  /** Whether an owner may add hosts that are not on the list. */
  canOwnersAdd: Schema.Boolean,
  /** Of the policy that this one replaces; in an answer its own. */
  revision: Schema.Int,
});
export type CommonPolicy = typeof CommonPolicy.Type;

export interface CommonPolicyView {
  readonly policy: CommonPolicy;
  readonly standardHosts: readonly string[];
  /** False: the sandboxes that run could not be told, and find out within some seconds. */
  readonly isInForce: boolean;
}

/** `common`: what the common policy lets it reach, and its own hosts. `own`: its own hosts alone. */
export type ThreadReach = "common" | "own";

/** What an owner has made of the policy for one thread. */
export interface ThreadPolicy {
  readonly reach: ThreadReach;
  /** Rules, the latest first. */
  readonly hosts: readonly string[];
}

export interface ThreadNetwork extends ThreadPolicy {
  readonly common: Omit<CommonPolicy, "revision">;
  readonly standardHosts: readonly string[];
  /** False: a sandbox that runs could not be told, and finds out within some seconds. */
  readonly isInForce: boolean;
}

/** One change. What is there already, or gone already, changes nothing. */
export const ChangeThreadNetwork = Schema.Union([
  Schema.Struct({ allow: HostRule }),
  Schema.Struct({ remove: HostRule }),
  Schema.Struct({ reach: Schema.Literals(["common", "own"]) }),
]);
export type ChangeThreadNetwork = typeof ChangeThreadNetwork.Type;
