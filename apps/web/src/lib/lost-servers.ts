import { useEffect, useSyncExternalStore } from "react";

/** One entry for each part of the page that waits for its server. */
const lost = new Set<object>();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Tells the shell, which says it once for the whole page, that this part of it waits for its server. */
export const useReportLost = (isLost: boolean): void => {
  useEffect(() => {
    if (!isLost) return;
    const entry = {};
    lost.add(entry);
    tell();
    return () => {
      lost.delete(entry);
      tell();
    };
  }, [isLost]);
};

/** Whether any part of the page waits for its server. */
export const useHasLost = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => lost.size > 0,
    () => false,
  );
