import { useEffect, useState } from "react";
import { runCommand } from "../shortcuts/index.ts";

/** A turn whose changes somebody wants to see; a new object with each time that they ask. */
export interface TurnToShow {
  readonly threadId: string;
  readonly turnId: string;
}

/** What no panel has taken yet. */
let asked: TurnToShow | null = null;
const panels = new Set<() => void>();

/** Shows what this turn changed in the thread's panel, which opens where it is closed. */
export const showChangesOf = (threadId: string, turnId: string): void => {
  const isComing = panels.size > 0 || asked?.threadId === threadId;
  asked = { threadId, turnId };
  for (const take of panels) take();
  if (!isComing) runCommand("togglePanel");
};

/** For the panel: the turn that it was last asked to show. */
export const useTurnToShow = (threadId: string): TurnToShow | null => {
  const [turn, setTurn] = useState<TurnToShow | null>(null);
  useEffect(() => {
    const take = () => {
      if (asked?.threadId !== threadId) return;
      setTurn(asked);
      asked = null;
    };
    take();
    panels.add(take);
    return () => void panels.delete(take);
  }, [threadId]);
  return turn;
};
