/** The policies of the installation. */
export const egressPoliciesRef = (env: Pick<Env, "EGRESS_POLICIES">) => env.EGRESS_POLICIES.getByName("policies");
