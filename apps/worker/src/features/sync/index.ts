export { CopyError, type SyncedFiles, WorkspaceCopies, workspaceCopiesLayer } from "./workspace-copies.ts";
