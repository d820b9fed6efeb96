export { chatRoutes } from "./routes.ts";
export { openCodeSessionOf } from "./session.ts";
export { ThreadAgent } from "./thread-agent.ts";
