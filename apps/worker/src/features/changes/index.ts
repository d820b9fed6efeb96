export { markTurn } from "./mark-turn.ts";
export { changesRoutes } from "./routes.ts";
