export { fileErrorText } from "./file-error-text.ts";
export { type FilesClient, useFilesClient } from "./files-client.ts";
export { FilesView } from "./files-view.tsx";
export { type MakePlace, PartedUpload } from "./parted-upload.ts";
export { runningStart } from "./running-start.ts";
export { Trash } from "./trash.ts";
export { useRefresh } from "./use-refresh.ts";
export { useThreadRunning } from "./use-thread-running.ts";
