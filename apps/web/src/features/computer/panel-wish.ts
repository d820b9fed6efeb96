import { useEffect, useState } from "react";
import { runCommand } from "../shortcuts/index.ts";

/** A turn whose changes somebody wants to see; a new object with each time that they ask. */
export interface TurnToShow {
  readonly threadId: string;
  readonly turnId: string;
}

/** The same of a file, by its path in the workspace. */
export interface FileToShow {
  readonly threadId: string;
  readonly path: string;
}

/** The same of what takes most room in the workspace. */
export interface LargestToShow {
  readonly threadId: string;
  readonly isLargest: true;
}

type PanelWish = TurnToShow | FileToShow | LargestToShow;

/** What no panel has taken yet. */
let asked: PanelWish | null = null;
const panels = new Set<() => void>();

/** The thread's panel shows it, and opens where it is closed. */
const show = (wish: PanelWish): void => {
  const isComing = panels.size > 0 || asked?.threadId === wish.threadId;
  asked = wish;
  for (const take of panels) take();
  if (!isComing) runCommand("togglePanel");
};

/** Shows what this turn changed. */
export const showChangesOf = (threadId: string, turnId: string): void => show({ threadId, turnId });

/** Shows a file of the workspace. */
export const showFileOf = (threadId: string, path: string): void => show({ threadId, path });

/** Shows what takes most room in the workspace. */
export const showLargestOf = (threadId: string): void => show({ threadId, isLargest: true });

/** For the panel: what it was last asked to show. */
export const usePanelWish = (threadId: string): PanelWish | null => {
  const [wish, setWish] = useState<PanelWish | null>(null);
  useEffect(() => {
    const take = () => {
      if (asked?.threadId !== threadId) return;
      setWish(asked);
      asked = null;
    };
    take();
    panels.add(take);
    return () => void panels.delete(take);
  }, [threadId]);
  return wish;
};
