export { ArchivedPage } from "./archived-page.tsx";
export { groupThreads } from "./grouping.ts";
export { RenameField } from "./rename-field.tsx";
export { type Thread, threadTitle } from "./thread.ts";
export { threadActions } from "./thread-actions.tsx";
export { ThreadListSkeleton } from "./thread-list.tsx";
export { ThreadNav } from "./thread-nav.tsx";
export { useThreadCommands } from "./use-thread-commands.ts";
export { useThreadList } from "./use-thread-list.ts";
