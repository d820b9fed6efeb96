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

/**
 * What this page shows, brought in step with what runs: other pages open, rename and close terminals too. One that is not
 * there any more is kept where `isKept`: its screen says how it ended. The same list where nothing is different.
 */
export const inStep = (
  known: readonly Terminal[],
  listed: readonly Terminal[],
  isKept: (id: string) => boolean,
): readonly Terminal[] => {
  const running = new Map(listed.filter(({ status }) => status === "running").map((each) => [each.id, each]));
  const kept = known.flatMap((each): readonly Terminal[] => {
    const now = running.get(each.id);
    if (now === undefined) return isKept(each.id) ? [each] : [];
    return [now.title === each.title ? each : now];
  });
  const opened = [...running.values()].filter(({ id }) => !known.some((each) => each.id === id));
  const all = [...kept, ...opened];
  return all.length === known.length && all.every((each, at) => each === known[at]) ? known : all;
};
