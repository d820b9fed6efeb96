import type { LoginUsage } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import { leftOf, tightest } from "./usage-view.ts";

const now = 1_800_000_000_000;
const usage = (usedPercent: number, windowMinutes: number | null, resetsAt: number | null = now + 1): LoginUsage => ({
  usedPercent,
  windowMinutes,
  resetsAt,
  at: now - 1,
});

describe("what is left of a plan", () => {
  test("is unknown from the moment on at which the window begins anew", () => {
    expect(leftOf(usage(62, 300), now)).toBe(38);
    expect(leftOf(usage(62, 300, now), now)).toBeNull();
    expect(leftOf(usage(62, 300, null), now)).toBe(38);
  });

  test("is told of the limit with the least left, of those that are known", () => {
    const [short, long] = [usage(40, 300), usage(90, 10_080)];
    expect(tightest([short, long], now)).toEqual({ limit: "weekly limit", percent: 10 });
    expect(tightest([short, usage(90, 10_080, now)], now)).toEqual({ limit: "5-hour limit", percent: 60 });
    expect(tightest([usage(40, 300, now)], now)).toBeNull();
    expect(tightest([], now)).toBeNull();
  });
});
