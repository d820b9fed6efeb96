import { threadTexts } from "./texts.ts";
import type { Thread } from "./thread.ts";

export interface ThreadGroup<T> {
  readonly label: string;
  readonly threads: readonly T[];
}

const dayMs = 86_400_000;

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** Whole days between two moments by the reader's calendar; a day of 23 or 25 hours is one day. */
const daysBetween = (earlier: number, later: number): number =>
  Math.round((startOfDay(later) - startOfDay(earlier)) / dayMs);

const dayLabel = (time: number, now: number, locale: string | undefined): string => {
  const days = daysBetween(time, now);
  if (days <= 0) return threadTexts.groups.today;
  if (days === 1) return threadTexts.groups.yesterday;
  if (days <= 7) return threadTexts.groups.week;
  if (days <= 30) return threadTexts.groups.month;
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" }).format(time);
};

/**
 * Threads under their headings: the pinned ones first, then by the day on which they last moved, newest first within
 * each. `now` is milliseconds since 1970.
 */
export const groupThreads = <T extends Pick<Thread, "isPinned" | "lastMessageAt">>(
  threads: readonly T[],
  now: number,
  locale?: string,
): readonly ThreadGroup<T>[] => {
  const byLabel = new Map<string, T[]>();
  const sorted = threads.toSorted((a, b) => b.lastMessageAt - a.lastMessageAt);
  for (const thread of [...sorted.filter((t) => t.isPinned), ...sorted.filter((t) => !t.isPinned)]) {
    const label = thread.isPinned ? threadTexts.groups.pinned : dayLabel(thread.lastMessageAt, now, locale);
    byLabel.set(label, [...(byLabel.get(label) ?? []), thread]);
  }
  return [...byLabel].map(([label, grouped]) => ({ label, threads: grouped }));
};
