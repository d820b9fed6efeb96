import { type ComponentType, useEffect, useSyncExternalStore } from "react";
import { loadQuietly } from "./load-quietly.ts";
import type { ToastContent } from "./toast-content.ts";

const load = () => import("./toast-stack.tsx");

let Stack: ComponentType | null = null;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Shows one toast. What it says is also to be seen elsewhere on the page. */
export const showToast = (content: ToastContent): void => {
  load()
    .then(({ addToast, default: ToastStack }) => {
      Stack = ToastStack;
      for (const listener of listeners) listener();
      addToast(content);
    })
    // Its code is out of reach, and so is what it would undo.
    .catch(() => window.addEventListener("online", () => showToast(content), { once: true }));
};

/** Where toasts appear. F6 moves the focus there. Mount it once. */
export function ToastRegion() {
  useEffect(() => loadQuietly(load), []);
  const Shown = useSyncExternalStore(
    subscribe,
    () => Stack,
    () => null,
  );
  return Shown === null ? null : <Shown />;
}
