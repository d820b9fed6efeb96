import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";

/** Ids of the messages that hold the focus, an end of the selection, or a text that is being written. */
export const keptIds = (log: HTMLElement): ReadonlySet<string> => {
  const { anchorNode, focusNode } = document.getSelection() ?? {};
  const nodes: (Node | null | undefined)[] = [document.activeElement, anchorNode, focusNode];
  const ids = new Set<string>();
  for (const node of [...nodes, ...log.querySelectorAll("textarea")]) {
    const element = node instanceof Element ? node : node?.parentElement;
    const message = element?.closest<HTMLElement>("[data-message]");
    if (message?.dataset.message !== undefined && log.contains(message)) ids.add(message.dataset.message);
  }
  return ids;
};

export interface Kept {
  /** How many of the newest messages are always drawn: the end of a conversation is written to and jumped to. */
  readonly newest: number;
  readonly indexes: readonly number[];
}

/** Which messages are drawn: those near what is looked at, the newest, and those that somebody uses. Ascending. */
export const drawnIndexes = (range: Range, kept: Kept): number[] => {
  const drawn = new Set(defaultRangeExtractor(range));
  for (let index = Math.max(0, range.count - kept.newest); index < range.count; index++) drawn.add(index);
  for (const index of kept.indexes) if (index >= 0 && index < range.count) drawn.add(index);
  return [...drawn].toSorted((a, b) => a - b);
};
