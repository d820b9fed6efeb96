export type { SyncedFiles } from "./copy-workspace.ts";
export { CopyError, WorkspaceCopies, workspaceCopiesLayer } from "./workspace-copies.ts";
