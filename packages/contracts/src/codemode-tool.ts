/**
 * The server by which the agent in a sandbox runs programs, as its configuration names it, and its one tool: at `path` of the
 * egress relay, which leads to the worker's `innerPath`. This file has no imports, so that pages can use it.
 */
export const codemodeMcp = {
  server: "threadbox",
  tool: "codemode",
  path: "/mcp",
  innerPath: "/internal/codemode/mcp",
} as const;

/** Where a program in a sandbox, a sub-agent's among them, asks for a run by itself: at the relay, which leads to `innerPath`. */
export const codemodeExecute = { path: "/api/codemode/execute", innerPath: "/internal/codemode/execute" } as const;

/** How OpenCode names that tool. */
export const codemodeTool = `${codemodeMcp.server}_${codemodeMcp.tool}` as const;
