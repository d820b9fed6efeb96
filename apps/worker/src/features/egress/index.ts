export { EgressPolicies } from "./egress-policies.ts";
export { handleOfSecret } from "./handle-of-secret.ts";
export { type EgressCall, EgressInterceptors } from "./interceptor.ts";
export { leaveContainer, leaveThread } from "./leave-container.ts";
export { networkRoutes } from "./network-routes.ts";
export { type Policies, policiesLayer } from "./policies.ts";
export { policyRoutes } from "./policy-routes.ts";
export { egressRoutes } from "./routes.ts";
export { contributeHandles } from "./start-contribution.ts";
