import { useCallback, useState } from "react";

const openKey = (threadId: string) => `threadbox.panel.${threadId}`;
const widthKey = "threadbox.panel-width";

/** Percent of the page's width. */
export const [widthMin, widthMax, widthUsual] = [25, 75, 50] as const;

export const clampWidth = (percent: number): number =>
  Number.isFinite(percent) ? Math.min(widthMax, Math.max(widthMin, Math.round(percent))) : widthUsual;

/** A device may refuse to remember; the panel works without. */
const remember = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // What is not remembered is chosen again.
  }
};
const recall = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** Whether this thread's panel stands open; remembered on this device. An address that asks for it opens it. */
export const usePanelOpen = (threadId: string, isAskedFor: boolean) => {
  const [isOpen, setIsOpen] = useState(() => isAskedFor || recall(openKey(threadId)) === "open");
  const toggle = useCallback(
    () =>
      setIsOpen((wasOpen) => {
        remember(openKey(threadId), wasOpen ? null : "open");
        return !wasOpen;
      }),
    [threadId],
  );
  return { isOpen, toggle };
};

/** How much of the page the panel takes, for all threads of this device. */
export const usePanelWidth = () => {
  const [width, setWidth] = useState(() => clampWidth(Number(recall(widthKey) ?? Number.NaN)));
  const resize = useCallback((percent: number) => {
    const next = clampWidth(percent);
    remember(widthKey, String(next));
    setWidth(next);
  }, []);
  return { width, resize };
};
