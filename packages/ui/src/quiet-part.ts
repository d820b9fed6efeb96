import { type ComponentType, useEffect, useSyncExternalStore } from "react";
import { loadQuietly } from "./load-quietly.ts";

interface QuietPart<Props> {
  readonly fetch: () => Promise<void>;
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => ComponentType<Props> | null;
}

/** A part of the page whose code comes in a quiet moment; where it is out of reach the page does without. */
export const quietPart = <Props>(load: () => Promise<{ readonly default: ComponentType<Props> }>): QuietPart<Props> => {
  let here: ComponentType<Props> | null = null;
  const listeners = new Set<() => void>();
  return {
    fetch: async () => {
      here = (await load()).default;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get: () => here,
  };
};

const nothing = () => null;

/** Such a part once its code is here, null before. */
export const useQuietPart = <Props>({ fetch, subscribe, get }: QuietPart<Props>): ComponentType<Props> | null => {
  useEffect(() => loadQuietly(fetch), [fetch]);
  return useSyncExternalStore(subscribe, get, nothing);
};
