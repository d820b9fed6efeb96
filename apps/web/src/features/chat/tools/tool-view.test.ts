import { describe, expect, test } from "vitest";
import { outcomeText, type ToolCall, toolView } from "./tool-view.ts";

const call = (changes: Partial<ToolCall>): ToolCall => ({
  toolName: "bash",
  input: { command: "node --version" },
  output: { text: "v24.20.0\n", isTruncated: false, files: [], exitCode: 0, startedAt: 1_000, endedAt: 1_240 },
  turn: "over",
  ...changes,
});
const sentence = (changes: Partial<ToolCall>) => {
  const view = toolView(call(changes));
  return `${view.verb} ${view.noun}: ${view.target} (${view.state})`;
};

describe("the line of a tool call", () => {
  test.each([
    [{}, "Ran command: node --version (done)"],
    [{ output: undefined, turn: "running" as const }, "Running command: node --version (running)"],
    [{ toolName: "write", input: { filePath: "/workspace/src/a.ts", content: "" } }, "Wrote file: src/a.ts (done)"],
    [{ toolName: "edit", input: { filePath: "b.ts" } }, "Edited file: b.ts (done)"],
    [{ toolName: "read", input: { filePath: "/etc/hosts" } }, "Read file: /etc/hosts (done)"],
    [{ toolName: "grep", input: { pattern: "TODO" } }, "Searched for: TODO (done)"],
    [{ toolName: "vendor_tool", input: {} }, "Used tool: vendor_tool (done)"],
    [{ toolName: "constructor", input: null }, "Used tool: constructor (done)"],
  ])("%j reads %s", (changes, expected) => {
    expect(sentence(changes)).toBe(expected);
  });

  test("a command of several lines is cut to its first, and whole when opened", () => {
    const view = toolView(call({ input: { command: "cd src\nls\n" } }));
    expect([view.target, view.command]).toEqual(["cd src …", "cd src\nls\n"]);
  });

  test("output so far, without an end, means that it still runs", () => {
    const view = toolView(
      call({ output: { text: "1", isTruncated: false, files: [], startedAt: 1 }, turn: "running" }),
    );
    expect([view.state, view.output]).toEqual(["running", "1"]);
  });

  test("what the turn left unfinished was stopped, and does not run for ever", () => {
    expect(toolView(call({ output: undefined })).state).toBe("stopped");
  });

  test("a program that was cut off with its turn did not succeed", () => {
    const output = { text: "tick 1", isTruncated: false, files: [], startedAt: 1, endedAt: 2 };
    expect(toolView(call({ output, turn: "interrupted" })).state).toBe("stopped");
    expect(toolView(call({ turn: "interrupted" })).state).toBe("done");
  });

  test("a program that failed and a tool that failed are told apart", () => {
    const program = toolView(call({ output: { text: "", isTruncated: false, files: [], exitCode: 2, endedAt: 2 } }));
    const tool = toolView(call({ output: undefined, errorText: "No such file." }));
    expect([outcomeText(program), outcomeText(tool)]).toEqual(["Exit 2", "Failed"]);
    expect(outcomeText(toolView(call({})))).toBeNull();
    expect(outcomeText(toolView(call({ output: undefined, errorText: "Tool execution aborted" })))).toBeNull();
  });

  test("a command that took too long says so, also in a turn that was stopped later", () => {
    const output = { text: "begun", isTruncated: false, files: [], isTimedOut: true, endedAt: 2 };
    expect(outcomeText(toolView(call({ output })))).toBe("Timed out");
    expect(outcomeText(toolView(call({ output, turn: "interrupted" })))).toBe("Timed out");
  });

  test("a path that tries to deceive is shown as it is", () => {
    const view = toolView(call({ toolName: "read", input: { filePath: "photo\u202Egpj.exe" } }));
    expect(view.target).toBe("photo⟦U+202E⟧gpj.exe");
  });

  test("a command's output is shown as a terminal would and copied exactly; a file's marks are visible", () => {
    const text = "\uFEFFabc\b\bX \u001B[31mred\u001B[0m \u200F(1)";
    const output = { text, isTruncated: false, files: [], endedAt: 2 };
    const command = toolView(call({ output }));
    expect([command.output, command.copied]).toEqual(["aX red (1)", "\uFEFFaX red \u200F(1)"]);
    const file = toolView(
      call({ toolName: "read", input: { filePath: "a" }, output: { ...output, text: "a\u202Eb" } }),
    );
    expect([file.output, file.copied]).toEqual(["a⟦U+202E⟧b", "a\u202Eb"]);
  });

  test("bytes that are no text are told from text", () => {
    const output = { text: "\u007FELF\u0000\uFFFD", isTruncated: false, files: [], endedAt: 2 };
    expect([toolView(call({ output })).isBinary, toolView(call({})).isBinary]).toEqual([true, false]);
  });

  test.each([[null], [undefined], [5], [{}], [{ text: 5 }], [{ text: "x", files: "y" }]])(
    "an output of another form (%j) breaks nothing",
    (output) => {
      expect(toolView(call({ output })).files).toEqual([]);
    },
  );
});
