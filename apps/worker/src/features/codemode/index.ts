export { ApprovalNews, type PendingNews } from "./approval-news.ts";
export { Approvals, approvalsLayer } from "./approvals.ts";
export { programMachineLayer } from "./machine.ts";
export { ProgramApprovals } from "./program-approvals.ts";
export { ProgramNews } from "./program-news.ts";
export { codemodeRoutes } from "./routes.ts";
