import { useEffect, useSyncExternalStore } from "react";
import { documentOwner } from "../auth/index.ts";
import { Drafts } from "./drafts.ts";
import { readableDraft, readableMessages } from "./kept.ts";
import { type KeyValue, openKeyValue } from "./key-value.ts";
import { Outbox } from "./outbox.ts";
import type { OutgoingMessage } from "./outgoing.ts";

/** What of a value cannot be read is set aside: it may be of another version, or of anybody's tools. */
const open = (name: string, readable: (value: unknown) => unknown): KeyValue<unknown> => {
  const store = openKeyValue<unknown>(name, documentOwner());
  return {
    ...store,
    get: async (key) => {
      const value = await store.get(key);
      const rest = value === undefined ? value : readable(value);
      if (rest === value) return value;
      await (await import("./set-aside.ts")).setAsideHere(store, key, rest, name, documentOwner());
      return rest;
    },
  };
};

/** One of each per page and user; opened when first asked for, as a server has no IndexedDB. */
let drafts: Drafts | undefined;
let outbox: Outbox | undefined;

export const getDrafts = (): Drafts => {
  drafts ??= new Drafts(open("drafts", readableDraft));
  return drafts;
};

export const getOutbox = (): Outbox => {
  outbox ??= new Outbox(open("outbox", readableMessages));
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
