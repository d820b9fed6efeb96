export { handleOfSecret } from "./handle-of-secret.ts";
export { type EgressCall, EgressInterceptors } from "./interceptor.ts";
export { leaveContainer, leaveThread } from "./leave-container.ts";
export { egressRoutes } from "./routes.ts";
export { contributeHandles } from "./start-contribution.ts";
