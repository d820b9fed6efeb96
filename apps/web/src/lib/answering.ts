import type { ModelDescription } from "@threadbox/contracts/model";
import { useSyncExternalStore } from "react";

/** What answers next where somebody writes, as far as the page has been told. Here, as the first load does without it. */
const answering = new Map<string | null, ModelDescription>();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const noteAnswering = (threadId: string | null, model: ModelDescription): void => {
  answering.set(threadId, model);
  for (const listener of listeners) listener();
};

/** What answers the next message of that thread (null: of one that begins); null while nobody knows. */
export const useAnswering = (threadId: string | null): ModelDescription | null =>
  useSyncExternalStore(subscribe, () => answering.get(threadId) ?? null);
