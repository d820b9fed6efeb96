export { approvalNewsLayer } from "./approval-news.ts";
export { modelChoiceRoutes } from "./model-routes.ts";
export { OpenCodePage, openCodePageLayer } from "./opencode-page.ts";
export type { PageAnswer, PageRequest } from "./page-door.ts";
export { chatRoutes } from "./routes.ts";
export { openCodeSessionOf } from "./session.ts";
export { ThreadAgent } from "./thread-agent.ts";
export { waitingTurnsLayer } from "./waiting-turns.ts";
