import { useEffect, useSyncExternalStore } from "react";
import { documentOwner } from "../auth/index.ts";
import { Drafts } from "./drafts.ts";
import { openKeyValue } from "./key-value.ts";
import { Outbox } from "./outbox.ts";
import type { OutgoingMessage } from "./outgoing.ts";

/** One of each per page and user; opened when first asked for, as a server has no IndexedDB. */
let drafts: Drafts | undefined;
let outbox: Outbox | undefined;

export const getDrafts = (): Drafts => {
  drafts ??= new Drafts(openKeyValue("drafts", documentOwner()));
  return drafts;
};

export const getOutbox = (): Outbox => {
  outbox ??= new Outbox(openKeyValue("outbox", documentOwner()));
  return outbox;
};

/** The thread's messages that the server has not confirmed. */
export const useOutgoing = (threadId: string): readonly OutgoingMessage[] => {
  const store = getOutbox();
  useEffect(() => void store.load(threadId), [store, threadId]);
  return useSyncExternalStore(store.subscribe, () => store.list(threadId));
};

/** The threads for which this device still has something to send. */
export const usePendingThreads = (): readonly string[] => {
  const store = getOutbox();
  useEffect(() => void store.loadAll(), [store]);
  return useSyncExternalStore(store.subscribe, store.pendingThreads);
};
