import type { Thread } from "../threads/index.ts";

interface Moving extends Pick<Thread, "activity"> {
  readonly threadId: string;
}

const isAtWork = (activity: Thread["activity"]): boolean => activity === "queued" || activity === "running";

/** The threads that are at work. */
export const atWork = (threads: readonly Moving[]): ReadonlySet<string> =>
  new Set(threads.filter(({ activity }) => isAtWork(activity)).map(({ threadId }) => threadId));

/** Those that were at work and are no more: each wants to be looked at. */
export const newsOf = <T extends Moving>(before: ReadonlySet<string>, threads: readonly T[]): readonly T[] =>
  threads.filter(({ threadId, activity }) => before.has(threadId) && !isAtWork(activity));

const mark = /^\(\d+\) /;

/** A page's title with the number of news before it; none for zero. */
export const titleWith = (title: string, news: number): string =>
  `${news === 0 ? "" : `(${news}) `}${title.replace(mark, "")}`;
