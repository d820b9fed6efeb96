import { expect, test } from "vitest";
import { playwrightTally, vitestTally } from "./tally.ts";

test("a test file that does not load counts as a failure", () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 0,
    testResults: [
      { status: "passed", assertionResults: [{}] },
      { status: "failed", assertionResults: [] },
    ],
  };
  expect(vitestTally(report)).toEqual({ passed: 4, failed: 1 });
});

test("a flaky browser test counts as a failure", () => {
  expect(playwrightTally({ stats: { expected: 3, unexpected: 0, flaky: 1 } })).toEqual({ passed: 3, failed: 1 });
});
