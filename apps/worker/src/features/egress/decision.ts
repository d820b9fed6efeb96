import type { EgressAnswer } from "@threadbox/contracts/egress";

/** What is known of one host, for one thread. */
export interface HostFacts {
  /** Some interceptor answers for it, or a secret of the thread is bound to it. */
  readonly isIntercepted: boolean;
  /** It is on the list of hosts that every sandbox may reach. */
  readonly isOpen: boolean;
}

const denied: EgressAnswer = {
  verdict: "deny",
  reason: "This host is not on the list of hosts that a sandbox may reach.",
};

/** Interception comes first: what a host gets from us must not depend on whether it may be reached without it. */
export const decideHost = ({ isIntercepted, isOpen }: HostFacts): EgressAnswer => {
  if (isIntercepted) return { verdict: "intercept" };
  return isOpen ? { verdict: "tunnel" } : denied;
};
