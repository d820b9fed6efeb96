export { describeModel } from "./gateway.ts";
export { OwnModels } from "./own-models.ts";
export { modelRoutes } from "./routes.ts";
