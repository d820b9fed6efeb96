export { accessTokensLayer } from "./access-token.ts";
export { requireAdmin, type UserDoor } from "./door.ts";
export { userRoutes } from "./routes.ts";
