import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";

/** So many are all drawn; of more, those that are on the screen. */
const drawnMax = 60;
const rowHeight = 46;
const overscan = 12;

export interface DrawnRows {
  readonly rows: readonly { readonly index: number }[];
  /** Pixels of what isn't drawn above and below; 0: everything is. */
  readonly above: number;
  readonly below: number;
  /** Of each row's own body, which says with `data-index` which it is. */
  readonly measure: ((element: HTMLElement | null) => void) | undefined;
}

/** Which rows of a long table are drawn. `box`: the table, in `scroller`, which is its offset parent. */
export const useDrawnRows = (
  keys: readonly string[],
  scroller: RefObject<HTMLElement | null>,
  box: RefObject<HTMLElement | null>,
): DrawnRows => {
  const isLong = keys.length > drawnMax;
  const scrollMargin = box.current?.offsetTop ?? 0;
  const virtualizer = useVirtualizer({
    count: keys.length,
    enabled: isLong,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => keys[index] ?? index,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin,
  });
  if (!isLong) return { rows: keys.map((_, index) => ({ index })), above: 0, below: 0, measure: undefined };
  const rows = virtualizer.getVirtualItems();
  const above = (rows[0]?.start ?? scrollMargin) - scrollMargin;
  const below = virtualizer.getTotalSize() - ((rows.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return { rows, above, below, measure: virtualizer.measureElement };
};
