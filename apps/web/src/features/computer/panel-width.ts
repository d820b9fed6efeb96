import { useCallback, useState } from "react";
import { recall, remember } from "../../lib/device-memory.ts";

const widthKey = "threadbox.panel-width";

/** Percent of the page's width. */
export const [widthMin, widthMax, widthUsual] = [25, 75, 50] as const;

/** The nearest width that a panel may have; the usual one for what is no number. */
export const clampWidth = (percent: number): number =>
  Number.isFinite(percent) ? Math.min(widthMax, Math.max(widthMin, Math.round(percent))) : widthUsual;

/** How much of the page the panel takes, for all threads of this device. */
export const usePanelWidth = () => {
  const [width, setWidth] = useState(() => clampWidth(Number.parseInt(recall(widthKey) ?? "", 10)));
  const resize = useCallback((percent: number) => {
    const next = clampWidth(percent);
    remember(widthKey, String(next));
    setWidth(next);
  }, []);
  return { width, resize };
};
