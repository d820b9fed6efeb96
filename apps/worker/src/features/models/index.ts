export { describeModel } from "./gateway.ts";
export { modelRoutes } from "./routes.ts";
