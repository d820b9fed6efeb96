export { viewAuthorityLayer } from "./authority.ts";
export { previewLinksLayer } from "./preview-links.ts";
export { viewRoutes } from "./routes.ts";
export { UserViews } from "./user-views.ts";
export { answerViewHost, viewLabelOf } from "./view-host.ts";
