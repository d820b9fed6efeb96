import { useMemo, useSyncExternalStore } from "react";
import { type FilesClient, Trash, useFilesClient } from "../files/index.ts";
import { deviceFiles } from "./device-files.ts";
import { WorkspaceUploads } from "./workspace-uploads.ts";

const byThread = new Map<string, WorkspaceUploads>();

/** One for each thread and page: a message goes on with what its draft has begun. */
const uploadsOf = (threadId: string, calls: FilesClient): WorkspaceUploads => {
  const known = byThread.get(threadId);
  if (known !== undefined) return known;
  const trash = new Trash(calls);
  const made = new WorkspaceUploads({
    calls,
    makePlace: () => trash.place(Date.now()),
    find: (url) => deviceFiles().find(url),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  byThread.set(threadId, made);
  return made;
};

/** The files that this device puts into the thread's workspace, and how each of them stands. */
export const useUploads = (threadId: string) => {
  const client = useFilesClient(threadId);
  const uploads = useMemo(() => uploadsOf(threadId, client), [threadId, client]);
  return { uploads, client, states: useSyncExternalStore(uploads.subscribe, uploads.read) };
};
