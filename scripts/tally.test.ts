import { expect, test } from "vitest";
import { addTallies, playwrightTally, runnerFailure, vitestTally } from "./tally.ts";

test("a test file that does not load counts as a failure, and is named", () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 0,
    testResults: [
      { name: "a.test.ts", status: "passed", assertionResults: [{ status: "passed", fullName: "holds" }] },
      { name: "b.test.ts", status: "failed", message: "no such module", assertionResults: [] },
    ],
  };
  expect(vitestTally(report)).toEqual({
    passed: 4,
    failed: 1,
    failures: ["b.test.ts › outside of its tests\n    no such module"],
  });
});

test("a failed test is named with the first lines of why, without a terminal's colours", () => {
  const failureMessages = [`\u001b[31mexpected 1\u001b[39m\n${"at a line\n".repeat(40)}`];
  const { failures } = vitestTally({
    numPassedTests: 0,
    numFailedTests: 1,
    testResults: [
      {
        name: "a.test.ts",
        status: "failed",
        assertionResults: [{ status: "failed", fullName: "a host naps", failureMessages }],
      },
    ],
  });
  expect(failures).toHaveLength(1);
  expect(failures[0]?.split("\n").slice(0, 2)).toEqual(["a.test.ts › a host naps", "    expected 1"]);
  expect(failures[0]?.split("\n")).toHaveLength(13);
});

test("a flaky browser test counts as a failure, and is named wherever it stands", () => {
  const spec = (title: string, status: string) => ({
    title,
    file: "a.spec.ts",
    line: 7,
    tests: [{ status, results: [{ error: { message: "not visible" } }, {}] }],
  });
  const report = {
    stats: { expected: 3, unexpected: 0, flaky: 1 },
    suites: [{ specs: [spec("loads", "expected")], suites: [{ specs: [spec("sends", "flaky")] }] }],
  };
  expect(playwrightTally(report)).toEqual({
    passed: 3,
    failed: 1,
    failures: ["a.spec.ts:7 › sends\n    not visible"],
  });
});

test("failures of all groups come together", () => {
  const tally = (name: string) => ({ passed: 1, failed: 1, failures: [name] });
  expect(addTallies(tally("a"), tally("b"))).toEqual({ passed: 2, failed: 2, failures: ["a", "b"] });
});

test("a hook that fails after its tests is a failure", () => {
  const passed = { status: "passed", fullName: "holds" };
  const testResults = [{ name: "a.test.ts", status: "failed", message: "busy", assertionResults: [passed] }];
  expect(vitestTally({ numPassedTests: 1, numFailedTests: 0, testResults })).toEqual({
    passed: 1,
    failed: 1,
    failures: ["a.test.ts › outside of its tests\n    busy"],
  });
});

test("an error that no test caught is told from the runner's output", () => {
  const output = " ✓ b.test.ts (1 test)\n\n⎯⎯ Unhandled Errors ⎯⎯\n\nError: out of nowhere\n";
  expect(runnerFailure("scripts", output)).toBe(
    "scripts › outside of its tests\n    Unhandled Errors ⎯⎯\n    Error: out of nowhere",
  );
});
