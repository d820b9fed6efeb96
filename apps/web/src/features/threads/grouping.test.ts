import { describe, expect, test } from "vitest";
import { groupThreads } from "./grouping.ts";

const now = new Date(2026, 10, 21, 9, 30).getTime();
const at = (days: number, hour = 12, isPinned = false) => ({
  lastMessageAt: new Date(2026, 10, 21 - days, hour).getTime(),
  isPinned,
});
const labels = (threads: Parameters<typeof groupThreads>[0]) =>
  groupThreads(threads, now, "en").map(({ label, threads: grouped }) => [label, grouped.length]);

describe("the headings of the thread list", () => {
  test("days are those of the reader's calendar, not spans of 24 hours", () => {
    expect(labels([at(0, 0), at(1, 23), at(1, 0), at(2)])).toEqual([
      ["Today", 1],
      ["Yesterday", 2],
      ["Last 7 days", 1],
    ]);
  });

  test("older threads stand under their month", () => {
    expect(labels([at(7), at(8), at(30), at(31), at(60)])).toEqual([
      ["Last 7 days", 1],
      ["Last 30 days", 2],
      ["October 2026", 1],
      ["September 2026", 1],
    ]);
  });

  test("pinned threads come first whatever their age", () => {
    expect(labels([at(0), at(90, 12, true)])).toEqual([
      ["Pinned", 1],
      ["Today", 1],
    ]);
  });

  test("a thread whose clock runs ahead is of today", () => {
    expect(labels([at(-1)])).toEqual([["Today", 1]]);
  });

  test("within a heading the newest comes first", () => {
    const [group] = groupThreads([at(0, 1), at(0, 8), at(0, 5)], now, "en");
    expect(group?.threads.map(({ lastMessageAt }) => new Date(lastMessageAt).getHours())).toEqual([8, 5, 1]);
  });
});
