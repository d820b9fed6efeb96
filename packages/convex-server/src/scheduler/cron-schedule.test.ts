import { describe, expect, test } from "vitest";
import { type CronSchedule, firstRun, nextRun } from "./cron-schedule.ts";

const at = (text: string): number => Date.parse(text);
const now = at("2026-02-27T10:20:30Z");

const cases: readonly (readonly [schedule: CronSchedule, first: string, second: string])[] = [
  [{ type: "interval", seconds: 30 }, "2026-02-27T10:20:30Z", "2026-02-27T10:21:00Z"],
  [{ type: "interval", minutes: 5 }, "2026-02-27T10:20:30Z", "2026-02-27T10:25:30Z"],
  [{ type: "interval", hours: 2 }, "2026-02-27T10:20:30Z", "2026-02-27T12:20:30Z"],
  [{ type: "hourly", minuteUTC: 15 }, "2026-02-27T11:15:00Z", "2026-02-27T12:15:00Z"],
  [{ type: "daily", hourUTC: 9, minuteUTC: 0 }, "2026-02-28T09:00:00Z", "2026-03-01T09:00:00Z"],
  [{ type: "weekly", dayOfWeek: "monday", hourUTC: 17, minuteUTC: 30 }, "2026-03-02T17:30:00Z", "2026-03-09T17:30:00Z"],
  // A month that has no such day is left out.
  [{ type: "monthly", day: 30, hourUTC: 1, minuteUTC: 0 }, "2026-03-30T01:00:00Z", "2026-04-30T01:00:00Z"],
  [{ type: "cron", cron: "*/20 9-17 * * 1-5" }, "2026-02-27T10:40:00Z", "2026-02-27T11:00:00Z"],
];

describe("a cron job", () => {
  test.each(cases)("%j runs at the times it says", (schedule, first, second) => {
    const planned = firstRun("job", schedule, now);
    expect(planned).toBe(at(first));
    expect(nextRun("job", schedule, planned, planned)).toBe(at(second));
  });

  test.each(cases)("%j that was missed for long runs next after now, at one of its times", (schedule, first) => {
    const late = now + 400 * 86_400_000 + 1;
    const next = nextRun("job", schedule, at(first), late);
    expect(next).toBeGreaterThan(late);
    expect(nextRun("job", schedule, next, next)).toBeGreaterThan(next);
  });

  test("without a minute has one of its own, always the same", () => {
    const minutes = ["a", "b", "c", "d", "e"].map((name) =>
      new Date(firstRun(name, { type: "hourly" }, now)).getUTCMinutes(),
    );
    expect(new Set(minutes).size).toBeGreaterThan(1);
    expect(firstRun("a", { type: "hourly" }, now)).toBe(firstRun("a", { type: "hourly" }, now + 1));
  });

  test.each(["", "* * *", "61 * * * *", "nonsense", "* * * * * *"])(
    "with the schedule %j is refused by name",
    (cron) => {
      expect(() => firstRun("odd one", { type: "cron", cron }, now)).toThrow(/"odd one"/);
    },
  );
});
