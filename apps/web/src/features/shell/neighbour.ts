import { groupThreads, type Thread } from "../threads/index.ts";

/** The thread before or after the open one, in the order in which the list shows them. */
export const neighbour = (
  threads: readonly Thread[],
  currentId: string | undefined,
  step: 1 | -1,
  now: number,
): string | undefined => {
  const shown = groupThreads(threads, now).flatMap((group) => group.threads);
  const index = shown.findIndex(({ threadId }) => threadId === currentId);
  if (index === -1) return shown.at(step === 1 ? 0 : -1)?.threadId;
  return shown[index + step]?.threadId;
};
