import { api } from "@threadbox/convex/_generated/api";
import type { OptimisticLocalStore } from "convex/browser";
import type { Thread } from "./thread.ts";

/** Shows a change in every list before Convex has confirmed it. */
export const patchThread = (store: OptimisticLocalStore, threadId: string, patch: Partial<Thread>): void => {
  const apply = (thread: Thread): Thread => (thread.threadId === threadId ? { ...thread, ...patch } : thread);
  for (const { args, value } of store.getAllQueries(api.threads.list))
    if (value !== undefined) store.setQuery(api.threads.list, args, { ...value, page: value.page.map(apply) });
  for (const { args, value } of store.getAllQueries(api.threads.search))
    if (value !== undefined) store.setQuery(api.threads.search, args, { ...value, threads: value.threads.map(apply) });
  const one = store.getQuery(api.threads.get, { threadId });
  if (one !== undefined) store.setQuery(api.threads.get, { threadId }, apply(one));
};

/** Takes a thread out of the lists in which it will not be any more. */
export const dropThread = (
  store: OptimisticLocalStore,
  threadId: string,
  isFrom: (list: { readonly isArchived: boolean }) => boolean = () => true,
): void => {
  const isOther = (thread: Thread) => thread.threadId !== threadId;
  for (const { args, value } of store.getAllQueries(api.threads.list))
    if (value !== undefined && isFrom(args))
      store.setQuery(api.threads.list, args, { ...value, page: value.page.filter(isOther) });
};
