import type { Terminal } from "@threadbox/contracts/terminal";

/** Those that run; where none does, the one that ended last, so that the page can say how. */
export const worthShowing = (terminals: readonly Terminal[]): readonly Terminal[] => {
  const running = terminals.filter(({ status }) => status === "running");
  return running.length > 0 ? running : terminals.slice(-1);
};

/** Which one comes to the front when this one goes; null where none is left. */
export const neighbourOf = (terminals: readonly Terminal[], id: string): string | null => {
  const at = terminals.findIndex((each) => each.id === id);
  const others = terminals.filter((each) => each.id !== id);
  return others[Math.min(at, others.length - 1)]?.id ?? null;
};
