import type { Thread } from "../threads/index.ts";

interface Moving extends Pick<Thread, "activity"> {
  readonly threadId: string;
}

type Activities = ReadonlyMap<string, Thread["activity"]>;

const atWork: readonly unknown[] = ["queued", "running"] satisfies Thread["activity"][];
const unfinished: readonly unknown[] = [...atWork, "waiting"];

/** What each thread is at. */
export const activitiesOf = (threads: readonly Moving[]): Activities =>
  new Map(threads.map(({ threadId, activity }) => [threadId, activity]));

/** Those whose turn has ended since, and those that wait for somebody now: each wants to be looked at. */
export const newsOf = <T extends Moving>(before: Activities, threads: readonly T[]): readonly T[] =>
  threads.filter(({ threadId, activity }) => {
    const former = before.get(threadId);
    if (former === undefined || former === activity || atWork.includes(activity)) return false;
    return activity === "waiting" || unfinished.includes(former);
  });

const mark = /^\(\d+\) /;

/** A page's title with the number of news before it; none for zero. */
export const titleWith = (title: string, news: number): string =>
  `${news === 0 ? "" : `(${news}) `}${title.replace(mark, "")}`;
