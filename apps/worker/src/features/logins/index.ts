export { loginInterceptors } from "./interceptor.ts";
export { Logins, loginsLayer } from "./logins.ts";
export { openCodeLoginRoutes } from "./opencode-routes.ts";
export { loginRoutes } from "./routes.ts";
export { contributeLogin } from "./start-contribution.ts";
export { UserLogins } from "./user-logins.ts";
