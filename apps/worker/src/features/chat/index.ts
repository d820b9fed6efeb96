export { chatRoutes } from "./routes.ts";
export { ThreadAgent } from "./thread-agent.ts";
