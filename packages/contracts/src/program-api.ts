/**
 * The worker's routes for what programs of a thread ask, opened by the thread's token in `Authorization: Bearer`. This file
 * has no imports, so that pages can use it.
 */
export const programApi = {
  findApproval: { method: "GET", path: "/api/codemode/:threadId/approvals/:approvalId" },
  decideApproval: { method: "POST", path: "/api/codemode/:threadId/approvals/:approvalId" },
  undoApproval: { method: "POST", path: "/api/codemode/:threadId/approvals/:approvalId/undo" },
  findQuestion: { method: "GET", path: "/api/codemode/:threadId/questions/:approvalId" },
  answerQuestion: { method: "POST", path: "/api/codemode/:threadId/questions/:approvalId" },
  listRuns: { method: "GET", path: "/api/codemode/:threadId/runs" },
  keepSnippet: { method: "POST", path: "/api/codemode/:threadId/snippets" },
  dropSnippet: { method: "DELETE", path: "/api/codemode/:threadId/snippets/:snippetId" },
  runSnippet: { method: "POST", path: "/api/codemode/:threadId/snippets/:snippetId/run" },
  findPolicy: { method: "GET", path: "/api/codemode/:threadId/policy" },
  setPolicy: { method: "PUT", path: "/api/codemode/:threadId/policy" },
} as const;
