import type { LoginUsage } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import { leftOf, tightest, windowName } from "./usage-view.ts";

const now = 1_800_000_000_000;
const usage = (usedPercent: number, windowMinutes: number | null, resetsAt: number | null = now + 1): LoginUsage => ({
  usedPercent,
  windowMinutes,
  resetsAt,
  at: now - 1,
});

test("a window is named by its length", () => {
  expect([300, 10_080, 45, 1_440, null].map(windowName)).toEqual(["5 h", "7 days", "45 min", "24 h", "the plan"]);
});

describe("what is left of a plan", () => {
  test("is unknown from the moment on at which the window begins anew", () => {
    expect(leftOf(usage(62, 300), now)).toBe(38);
    expect(leftOf(usage(62, 300, now), now)).toBeNull();
    expect(leftOf(usage(62, 300, null), now)).toBe(38);
  });

  test("is told of the window with the least left, of those that are known", () => {
    const [short, long] = [usage(40, 300), usage(90, 10_080)];
    expect(tightest([short, long], now)).toEqual({ window: "7 days", percent: 10 });
    expect(tightest([short, usage(90, 10_080, now)], now)).toEqual({ window: "5 h", percent: 60 });
    expect(tightest([usage(40, 300, now)], now)).toBeNull();
    expect(tightest([], now)).toBeNull();
  });
});
