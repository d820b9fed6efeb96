import { useSyncExternalStore } from "react";

let sought: string | null = null;
const listeners = new Set<() => void>();

const set = (id: string | null): void => {
  sought = id;
  for (const listener of listeners) listener();
};

/**
 * Brings a message into view and gives it the focus, as soon as the thread that holds it is open: it may be called before
 * that. The last call counts; a message that is not on the branch that is shown is waited for.
 */
export const scrollToMessage = (messageId: string): void => set(messageId);

/** To be called when it was found. */
export const endSearch = (): void => set(null);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The message that is to be brought into view; null where none is. */
export const useSoughtMessage = (): string | null => useSyncExternalStore(subscribe, () => sought);
