import { codemodeTool } from "@threadbox/contracts/codemode-tool";
import { describe, expect, test } from "vitest";
import { readProgramReport } from "./program-report.ts";
import { toolView } from "./tool-view.ts";

const report = {
  result: { names: ["a.txt"] },
  printed: ["seen 1"],
  calls: [
    { tool: "workspace.list", durationMs: 3 },
    { tool: "workspace.read", durationMs: 1, refusal: "b.txt does not exist." },
  ],
  durationMs: 12,
};
const view = (text: string) =>
  toolView({
    toolName: codemodeTool,
    input: { code: "async () => 1" },
    output: { text, isTruncated: false, files: [], startedAt: 1, endedAt: 2 },
    turn: "over",
  });

describe("a run of a program", () => {
  test("is told by the calls it made", () => {
    const { verb, target, state, program } = view(JSON.stringify(report));
    expect([verb, target, state]).toEqual(["Ran", "a program with 2 tool calls", "done"]);
    expect(program).toEqual({ code: "async () => 1", report });
  });

  test("that ended in an error has failed", () => {
    const { state } = view(JSON.stringify({ ...report, result: undefined, error: "no" }));
    expect(state).toBe("failed");
  });

  test("whose report was cut shows it as it came", () => {
    const cut = JSON.stringify(report).slice(0, 40);
    expect(view(cut)).toMatchObject({ target: "a program", state: "done", output: cut, program: { report: null } });
  });
});

test.each(["", "null", "[]", "{}", '{"calls":{},"printed":[]}', '{"calls":[],"printed":1}'])(
  "%j is no report",
  (text) => {
    expect(readProgramReport(text)).toBeNull();
  },
);

test("what a person said of it is told, and what nobody says is not", () => {
  expect(readProgramReport(JSON.stringify({ ...report, decision: "denied" }))?.decision).toBe("denied");
  expect(readProgramReport(JSON.stringify({ ...report, decision: "maybe" }))).not.toHaveProperty("decision");
});

test("changes that can be undone are named as the worker names them, or not at all", () => {
  const changes = "A-name_of-changes1";
  expect(readProgramReport(JSON.stringify({ ...report, changes }))?.changes).toBe(changes);
  for (const other of ["short", "../approvals/another", 1, null])
    expect(readProgramReport(JSON.stringify({ ...report, changes: other }))).not.toHaveProperty("changes");
});

test("of a report that another wrote, what does not fit is left out", () => {
  const text = JSON.stringify({
    calls: [1, { tool: 2 }, { tool: "x", durationMs: "y" }],
    printed: [1, "a"],
    error: {},
  });
  expect(readProgramReport(text)).toEqual({ calls: [{ tool: "x", durationMs: 0 }], printed: ["a"], durationMs: 0 });
});
