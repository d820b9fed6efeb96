import { expect, test } from "vitest";
import { limitName, shownUsage } from "./usage-text.ts";

const now = Date.UTC(2026, 10, 3, 12);
const usage = { usedPercent: 37.6, windowMinutes: 300, resetsAt: now + 60_000, at: now };

test("a limit has the name that people give to its window", () => {
  expect([300, 10_080, 1_440, 2_880, 90, null].map(limitName)).toEqual([
    "5-hour limit",
    "weekly limit",
    "daily limit",
    "2-day limit",
    "90-minute limit",
    "plan’s limit",
  ]);
});

test("what is used is a whole number of percent, with the time at which it begins anew", () => {
  const [shown] = shownUsage([usage], now);
  expect(shown?.percent).toBe(38);
  expect(shown?.text).toMatch(/^38 % of the 5-hour limit used · resets \S/);
  expect(shownUsage([{ ...usage, resetsAt: null, usedPercent: 140 }], now)).toEqual([
    { percent: 100, text: "100 % of the 5-hour limit used" },
  ]);
});

test("the time of day is told of what begins anew within a day, also past midnight, and the day of what comes later", () => {
  const told = (hours: number) => shownUsage([{ ...usage, resetsAt: now + hours * 3_600_000 }], now)[0]?.text ?? "";
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  expect(told(23).endsWith(`resets ${clock.format(now + 23 * 3_600_000)}`)).toBe(true);
  expect(told(48)).toContain("Nov");
});

test("a window that has ended since says nothing", () => {
  expect(shownUsage([usage], now + 60_000)).toEqual([]);
});
