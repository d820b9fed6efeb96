export { sandboxApiRoutes } from "./routes.ts";
