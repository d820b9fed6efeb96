import { remember } from "../../lib/device-memory.ts";
import { openKey, tabKey } from "./panel-keys.ts";

/** The thread's panel stands open at its files when the thread is next seen. */
export const openFilesOf = (threadId: string): void => {
  remember(openKey(threadId), "open");
  remember(tabKey(threadId), "files");
};
