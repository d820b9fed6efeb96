import { describe, expect, test } from "vitest";
import type { Block } from "./blocks.ts";
import { addedRatio, decideCount, decideRatio, type Estimate, estimate, isQuiet, ratio } from "./comparison.ts";
import { seededRandom } from "./random.ts";

const block = (index: number, wallMs: Record<string, number[]>): Block => ({
  index,
  order: Object.keys(wallMs),
  observations: Object.fromEntries(
    Object.entries(wallMs).map(([name, samples]) => [name, { samples: { wallMs: samples }, faults: {} }]),
  ),
});
const plan = (of: ReturnType<typeof ratio>) => ({ title: "", measure: "wallMs", of });
const estimated = (value: number, low: number, high: number): Estimate => ({
  value,
  interval: [low, high],
  blocks: 20,
});
const goodRun = { isQuiet: true, hasFaults: false };

describe("an estimate", () => {
  test("is the median over blocks of the ratio of block medians, so a machine that slows down does not move it", () => {
    const blocks = [1, 10, 100, 1000].map((slow, index) =>
      block(index, { product: [3 * slow, 3 * slow, 90 * slow], floor: [2 * slow, 2 * slow, 2 * slow] }),
    );
    const { value, interval } = estimate(blocks, plan(ratio("product", "floor")), seededRandom(1));
    expect(value).toBeCloseTo(1.5);
    expect(interval[0]).toBeCloseTo(1.5);
    expect(interval[1]).toBeCloseTo(1.5);
  });

  test("leaves out a block that cannot say, and counts the rest", () => {
    const blocks = [
      block(0, { product: [3], floor: [1], peer: [5] }),
      block(1, { product: [3], floor: [2], peer: [1] }),
      block(2, { product: [3], floor: [1], peer: [] }),
    ];
    const { value, blocks: usable } = estimate(blocks, plan(addedRatio("product", "peer", "floor")), seededRandom(1));
    expect(value).toBe(0.5);
    expect(usable).toBe(1);
  });

  test("compares another quantile where asked", () => {
    const blocks = [block(0, { product: [1, 1, 40], floor: [1, 1, 20] })];
    expect(estimate(blocks, plan(ratio("product", "floor", 1)), seededRandom(1)).value).toBe(2);
  });
});

describe("the A/A check", () => {
  test("lets a floor agree with itself within five per cent, and no further", () => {
    expect([0.949, 0.95, 1, 1.05, 1.051].map((value) => isQuiet(estimated(value, value, value)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test("of a floor that could not be measured is not passed", () => {
    expect(isQuiet(estimated(Number.NaN, Number.NaN, Number.NaN))).toBe(false);
  });
});

describe("a verdict", () => {
  test("needs the whole interval on one side of the target", () => {
    const target = { max: 1.1 };
    expect(decideRatio(estimated(1, 0.9, 1.1), target, goodRun)).toBe("met");
    expect(decideRatio(estimated(1.1, 1.05, 1.15), target, goodRun)).toBe("open");
    expect(decideRatio(estimated(1.2, 1.15, 1.3), target, goodRun)).toBe("not met");
    expect(decideRatio(estimated(0.96, 0.94, 0.98), { min: 0.95 }, goodRun)).toBe("open");
    expect(decideRatio(estimated(0.99, 0.97, 1.01), { min: 0.95 }, goodRun)).toBe("met");
  });

  test("is not given by a noisy run", () => {
    expect(decideRatio(estimated(1, 0.9, 1.05), { max: 1.1 }, { isQuiet: false, hasFaults: false })).toBe("noisy");
  });

  test("is failed where anything was lost, whatever the speed and the noise", () => {
    expect(decideRatio(estimated(0.1, 0.1, 0.1), { max: 1.1 }, { isQuiet: false, hasFaults: true })).toBe("failed");
  });

  test("on a count is exact", () => {
    expect([12, 13].map((count) => decideCount(count, { max: 12 }))).toEqual(["met", "not met"]);
    expect(decideCount(1, undefined)).toBe("no target");
  });

  test("stays open where no block could say", () => {
    expect(decideRatio({ value: Number.NaN, interval: [Number.NaN, Number.NaN], blocks: 0 }, { max: 1 }, goodRun)).toBe(
      "open",
    );
  });
});
