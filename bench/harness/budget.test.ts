import { describe, expect, test } from "vitest";
import { excessOver } from "./budget.ts";

const budget = { jsKb: 100, cssKb: 10, files: 4 };

describe("a size budget", () => {
  test("holds to the byte and to the file", () => {
    expect(excessOver(budget, budget)).toEqual([]);
    expect(excessOver(budget, { jsKb: 99, cssKb: 9, files: 3 })).toEqual([]);
  });

  test("names each limit that is exceeded", () => {
    expect(excessOver(budget, { jsKb: 100.01, cssKb: 10.4, files: 5 })).toEqual([
      "jsKb is 100.01, budgeted 100",
      "cssKb is 10.40, budgeted 10",
      "files are 5, budgeted 4",
    ]);
  });
});
