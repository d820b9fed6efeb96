export { cloneInto, requireRepository, settledClone } from "./cloning.ts";
export { repositoryRoutes } from "./routes.ts";
