import { createContext, type ReactNode, useContext, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { useLasting } from "../../../lib/use-lasting.ts";
import type { LiveThread } from "./use-live-thread.ts";

/** Lets each message read only what concerns it: an answer that streams renders itself and no other. */
class LiveThreadStore {
  #value: LiveThread;
  readonly #listeners = new Set<() => void>();
  constructor(value: LiveThread) {
    this.#value = value;
  }

  get = (): LiveThread => this.#value;
  set(value: LiveThread): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

const StoreContext = createContext<LiveThreadStore | null>(null);

const useStore = (): LiveThreadStore => {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("This needs LiveThreadProvider above it.");
  return store;
};

export interface LiveThreadProviderProps {
  readonly value: LiveThread;
  readonly children: ReactNode;
}

export function LiveThreadProvider({ value, children }: LiveThreadProviderProps) {
  const [store] = useState(() => new LiveThreadStore(value));
  useLayoutEffect(() => store.set(value));
  return <StoreContext value={store}>{children}</StoreContext>;
}

/** `select` must answer with a primitive or with an object that is the same while nothing has changed. */
export const useLiveValue = <T,>(select: (thread: LiveThread) => T): T => {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
};

/** Whether the thread has been out of reach for long enough that what it does is not known. */
export const useIsOutOfReach = (): boolean => useLasting(!useLiveValue(({ isConnected }) => isConnected));

/** For event handlers, which want the thread as it is when they run. */
export const useLiveCommands = (): (() => LiveThread) => useStore().get;

/** Whether an answer can be asked for anew: nothing runs, and the thread's server listens. */
export const useCanRetry = (): boolean => useLiveValue(({ isBusy, isConnected }) => !isBusy && isConnected);
