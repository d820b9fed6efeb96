import { describe, expect, test } from "vitest";
import { nextUpkeepSeconds } from "./thread-upkeep.ts";

const calm = { isBusy: false, isOwing: false, hasSockets: false, failures: 0 };

describe("the next look after a thread", () => {
  test("does not come where nothing asks for it", () => {
    expect(nextUpkeepSeconds(calm)).toBeNull();
  });

  test("comes within a minute while somebody listens: rights are asked for anew", () => {
    expect(nextUpkeepSeconds({ ...calm, hasSockets: true })).toBeLessThan(60);
  });

  test("comes soon while a turn runs: its agent may be lost", () => {
    expect(nextUpkeepSeconds({ ...calm, isBusy: true, hasSockets: true })).toBeLessThanOrEqual(10);
  });

  test("comes ever later while Convex does not answer, and never later than a minute", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => nextUpkeepSeconds({ ...calm, isOwing: true, failures }));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });
});
