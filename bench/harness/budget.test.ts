import { describe, expect, test } from "vitest";
import { excessOver } from "./budget.ts";

const budget = { jsKb: 100, cssKb: 10, files: 4 };

describe("a size budget", () => {
  test("holds up to three per cent above the sizes, and to the file", () => {
    expect(excessOver(budget, budget)).toEqual([]);
    expect(excessOver(budget, { jsKb: 103, cssKb: 10.3, files: 4 })).toEqual([]);
  });

  test("names each limit that is exceeded", () => {
    expect(excessOver(budget, { jsKb: 103.1, cssKb: 10.4, files: 5 })).toEqual([
      "jsKb is 103.1, budgeted 100 and 3 %",
      "cssKb is 10.4, budgeted 10 and 3 %",
      "files are 5, budgeted 4",
    ]);
  });
});
