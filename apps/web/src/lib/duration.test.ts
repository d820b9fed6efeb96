import { describe, expect, test } from "vitest";
import { durationText, runningText } from "./duration.ts";

describe("durations for people", () => {
  test.each([
    [-5, "0 ms"],
    [240, "240 ms"],
    [999.6, "1.0 s"],
    [3_249, "3.2 s"],
    [9_999, "9.9 s"],
    [10_000, "10 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [3_840_000, "1 h 4 min"],
  ])("%d ms is %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test("a running clock counts whole seconds and says nothing in the first one", () => {
    expect([900, 1_000, 1_900, 61_000].map(runningText)).toEqual(["", "1 s", "1 s", "1 min 1 s"]);
  });
});
