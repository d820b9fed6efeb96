export { cloneInto, settledClone } from "./cloning.ts";
export { repositoryRoutes } from "./routes.ts";
