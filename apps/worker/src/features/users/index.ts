export { accessTokensLayer } from "./access-token.ts";
export { requireAdmin, requireRecentAdmin, requireRecentUser, requireUser, type UserDoor } from "./door.ts";
export { userRoutes } from "./routes.ts";
