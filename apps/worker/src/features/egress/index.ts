export { type EgressCall, EgressInterceptors } from "./interceptor.ts";
export { leaveContainer } from "./leave-container.ts";
export { egressRoutes } from "./routes.ts";
export { contributeHandles } from "./start-contribution.ts";
