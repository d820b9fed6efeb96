import type { EgressAnswer } from "@threadbox/contracts/egress";
import type { EgressDenyCause } from "@threadbox/contracts/journal";
import { type EgressPolicy, findDenial } from "./policy.ts";

/** What is known of one host, for one thread. */
export interface HostFacts {
  readonly host: string;
  /** Some interceptor answers for it, or a secret of the thread is bound to it. */
  readonly isIntercepted: boolean;
  readonly policy: EgressPolicy;
}

const reasons: Readonly<Record<Extract<EgressDenyCause, "unlisted" | "closed" | "narrowed">, string>> = {
  unlisted: "This thread may not reach this host. The thread's owner can allow it, under Activity.",
  closed: "No thread may reach this host. An admin can allow it.",
  narrowed:
    "This thread may reach the hosts on its own list only. The thread's owner can add this one, under Activity.",
};

/** Interception comes first: what a host gets from us must not depend on whether it may be reached without it. */
export const decideHost = ({ host, isIntercepted, policy }: HostFacts): EgressAnswer => {
  if (isIntercepted) return { verdict: "intercept" };
  const cause = findDenial(policy, host);
  return cause === null ? { verdict: "tunnel" } : { verdict: "deny", reason: reasons[cause], cause };
};
