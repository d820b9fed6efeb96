import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { loadQuietly } from "./load-quietly.ts";
import type { ToastContent } from "./toast-content.ts";

const load = () => import("./toast-stack.tsx");
const ToastStack = lazy(load);

let isNeeded = false;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Shows one toast. What it says is also to be seen elsewhere on the page. */
export const showToast = (content: ToastContent): void => {
  isNeeded = true;
  for (const listener of listeners) listener();
  void load().then(({ addToast }) => addToast(content));
};

/** Where toasts appear. F6 moves the focus there. Mount it once. */
export function ToastRegion() {
  useEffect(() => loadQuietly(load), []);
  const isShown = useSyncExternalStore(
    subscribe,
    () => isNeeded,
    () => false,
  );
  return isShown ? (
    <Suspense>
      <ToastStack />
    </Suspense>
  ) : null;
}
