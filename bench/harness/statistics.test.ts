import { describe, expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { bootstrapMedianInterval, median, quantile } from "./statistics.ts";

describe("median and quantile", () => {
  test("do not depend on the order of the values and do not change them", () => {
    const values = [9, 1, 5];
    expect(median(values)).toBe(5);
    expect(values).toEqual([9, 1, 5]);
  });

  test("of an even number of values lie between the two in the middle", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  test("order numbers as numbers, not as text", () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test("of nothing are no number", () => {
    expect(median([])).toBeNaN();
  });
});

describe("the bootstrap interval", () => {
  const gaussian = (seed: number, size: number) => {
    const random = seededRandom(seed);
    return Array.from(
      { length: size },
      () => 1 + 0.1 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );
  };

  test("is the same for the same values and seed", () => {
    const values = gaussian(1, 20);
    const once = bootstrapMedianInterval(values, seededRandom(7), { resamples: 20 });
    expect(bootstrapMedianInterval(values, seededRandom(7), { resamples: 20 })).toEqual(once);
    expect(bootstrapMedianInterval(values, seededRandom(8), { resamples: 20 })).not.toEqual(once);
  });

  test("holds the true median in about 95 of 100 experiments", () => {
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const [low, high] = bootstrapMedianInterval(gaussian(seed, 20), seededRandom(seed), { resamples: 400 });
      return low <= 1 && 1 <= high;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThan(175);
    expect(covered).toBeLessThan(200);
  });

  test("narrows as the number of values grows", () => {
    const width = (size: number) => {
      const [low, high] = bootstrapMedianInterval(gaussian(3, size), seededRandom(1), { resamples: 400 });
      return high - low;
    };
    expect(width(400)).toBeLessThan(width(20) / 2);
  });

  test("of equal values is that value", () => {
    expect(bootstrapMedianInterval([2, 2, 2], seededRandom(1))).toEqual([2, 2]);
  });
});

test("the seeded generator spreads evenly over [0, 1)", () => {
  const random = seededRandom(42);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i++) {
    const value = random();
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1);
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(count).toBeGreaterThan(850);
});
