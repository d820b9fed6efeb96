export { loginRefused } from "./errors.ts";
export { loginInterceptors } from "./interceptor.ts";
export type { LoginModels } from "./keeper.ts";
export { Logins, loginsLayer } from "./logins.ts";
export { openCodeLoginRoutes } from "./opencode-routes.ts";
export { loginRoutes, ownThread, seenIn } from "./routes.ts";
export { contributeLogin } from "./start-contribution.ts";
export { UserLogins } from "./user-logins.ts";
export { WaitingTurns } from "./waiting-turns.ts";
