import type { ChangeThreadNetwork, CommonPolicy } from "@threadbox/contracts/egress-policy";
import { hostRuleLimits } from "@threadbox/contracts/host-rules";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer } from "effect";
import { type RefusedError, refuser } from "../../http/failure.ts";
import type { EgressPolicy } from "./policy.ts";
import { egressPoliciesRef } from "./refs.ts";

const refused = refuser({
  VersionConflict: "Somebody else changed the policy meanwhile. Look at it again.",
  QuotaExceeded: `A thread has at most ${hostRuleLimits.threadMax} hosts of its own. Remove one first.`,
  UpstreamError: "The network policy can't be read right now. Try again.",
});

/** Which hosts sandboxes may reach, as it is at this moment. */
export interface PoliciesShape {
  of(threadId: ThreadId): Effect.Effect<EgressPolicy, RefusedError>;
  readonly common: Effect.Effect<CommonPolicy, RefusedError>;
  /** VersionConflict where another change was made since the revision that the wish names. */
  setCommon(wish: CommonPolicy): Effect.Effect<CommonPolicy, RefusedError>;
  /** QuotaExceeded where the thread has as many hosts as it may. */
  change(threadId: ThreadId, change: ChangeThreadNetwork): Effect.Effect<EgressPolicy, RefusedError>;
}

export class Policies extends Context.Service<Policies, PoliciesShape>()("threadbox/worker/egress/Policies") {}

/** The platform may reset the object at any time; whoever asks is refused meanwhile, and nothing passes unasked. */
const ask = <A>(call: () => Promise<A>): Effect.Effect<A, RefusedError> =>
  Effect.tryPromise({ try: call, catch: () => refused("UpstreamError") });

const orRefuse =
  (tag: "VersionConflict" | "QuotaExceeded") =>
  <A>(answer: A | null): Effect.Effect<A, RefusedError> =>
    answer === null ? Effect.fail(refused(tag)) : Effect.succeed(answer);

export const policiesLayer = (env: Pick<Env, "EGRESS_POLICIES">): Layer.Layer<Policies> =>
  Layer.succeed(Policies, {
    of: (threadId) => ask(async () => egressPoliciesRef(env).of(threadId)),
    common: ask(async () => egressPoliciesRef(env).common()),
    setCommon: (wish) =>
      Effect.flatMap(
        ask(async () => egressPoliciesRef(env).setCommon(wish)),
        orRefuse("VersionConflict"),
      ),
    change: (threadId, change) =>
      Effect.flatMap(
        ask(async () => egressPoliciesRef(env).change(threadId, change)),
        orRefuse("QuotaExceeded"),
      ),
  });
