import { describe, expect, test } from "vitest";
import { headOf } from "./long-text.ts";

describe("a long text collapses", () => {
  test.each([
    ["one long line", "x".repeat(120_000), 1_500],
    ["many lines", "line\n".repeat(121), 15 * 5 - 1],
    ["characters that a cut could part", `x${"👍".repeat(5_000)}`, 1_499],
    ["many long lines", `${"y".repeat(1_000)}\n`.repeat(120), 1_500],
  ])("%s", (_, text, length) => {
    expect(headOf(text)).toBe(text.slice(0, length));
  });

  test("a text that fits on a screen or two does not", () => {
    for (const text of ["", "x".repeat(8_000), "line\n".repeat(119), "\n\n"]) expect(headOf(text)).toBe(text);
  });
});
