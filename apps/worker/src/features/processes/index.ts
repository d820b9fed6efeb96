export { processesRoutes } from "./routes.ts";
