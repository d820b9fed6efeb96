import { remember } from "../../lib/device-memory.ts";

/**
 * The thread's panel stands open at its files when the thread is next seen. The names are those of `usePanelOpen` and
 * `usePanelTab`; to share them would tear the first load of a thread apart.
 */
export const openFilesOf = (threadId: string): void => {
  remember(`threadbox.panel.${threadId}`, "open");
  remember(`threadbox.panel-tab.${threadId}`, "files");
};
