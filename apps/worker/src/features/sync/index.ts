export { CopyError, WorkspaceCopies, workspaceCopiesLayer } from "./workspace-copies.ts";
