/**
 * The worker's routes for what programs of a thread ask, opened by the thread's token in `Authorization: Bearer`. This file
 * has no imports, so that pages can use it.
 */
export const programApi = {
  findApproval: { method: "GET", path: "/api/codemode/:threadId/approvals/:approvalId" },
  decideApproval: { method: "POST", path: "/api/codemode/:threadId/approvals/:approvalId" },
  findPolicy: { method: "GET", path: "/api/codemode/:threadId/policy" },
  setPolicy: { method: "PUT", path: "/api/codemode/:threadId/policy" },
} as const;
