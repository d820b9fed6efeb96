import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordings } from "./all-recordings.testing.ts";
import { finalOutput } from "./tool-output.ts";
import { toolText } from "./tool-text.ts";
import { emptyLog, withEntries } from "./turn-log.ts";
import type { OpenCodeToolState } from "./wire.ts";

/** Every finished tool call of every recording. */
const recorded = [...recordings.values()].flatMap(({ name, prompts, final }) =>
  prompts
    .flatMap((prompt) => withEntries(emptyLog(prompt), final).messages)
    .flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === "tool" && part.state.status === "completed" ? [{ name, ...part }] : [])),
    ),
);
const callOf = (name: string, tool: string, input: object) => {
  const found = recorded.find(
    (part) => part.name === name && part.tool === tool && JSON.stringify(part.state.input).includes(keyOf(input)),
  );
  if (found === undefined) throw new Error(`No such call: ${keyOf(input)}`);
  return finalOutput(tool, found.state);
};
const keyOf = (input: object): string => JSON.stringify(input).slice(1, -1);

const own =
  "<content>\n1: (End of file - total 1 lines)\n</content>\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>";
const marks =
  /<shell_metadata>|<path>|<entries>|\(End of file|\(Showing|truncated|Full output saved|\(no output\)|more matches|LSP errors/;

test("no recorded output holds a word of OpenCode's to the model, but for files that hold the same words", () => {
  expect(recorded.length).toBeGreaterThan(20);
  for (const { tool, state } of recorded) {
    const { text } = toolText(tool, state);
    expect(text.replaceAll(own, "").replaceAll("1: (End of file - total 1 lines)", "")).not.toMatch(marks);
  }
});

describe("a real OpenCode's output becomes", () => {
  test("the file, whatever it holds", () => {
    expect(callOf("marks", "read", { filePath: "marks/own.txt" })).toMatchObject({ text: own, isTruncated: false });
    expect(callOf("marks", "read", { offset: 2, limit: 1 })).toMatchObject({
      text: "1: (End of file - total 1 lines)",
      isTruncated: true,
    });
    expect(callOf("marks", "bash", { command: "cat marks/own.txt" }).text).toBe(own);
    expect(callOf("edit", "read", { filePath: "notes/hello.txt" }).text).toBe("one\ntwo\nthree");
  });

  test("the entries of a folder", () => {
    expect(callOf("marks", "read", { filePath: "marks" })).toMatchObject({ text: "own.txt", isTruncated: false });
    const many = { text: "101.txt\n102.txt\n103.txt", isTruncated: true };
    expect(callOf("marks", "read", { filePath: "many", limit: 3 })).toMatchObject(many);
  });

  test("what was found, and whether that is all", () => {
    const found = callOf("marks", "glob", { pattern: "many/*.txt" });
    expect([found.text.split("\n").length, found.isTruncated]).toEqual([100, true]);
    expect(callOf("marks", "glob", { pattern: "marks/*.none" }).text).toBe("No files found");
    const matches = callOf("marks", "grep", { pattern: "needle" });
    expect([matches.text.split("\n")[0], matches.isTruncated]).toEqual(["Found 100 matches", true]);
    expect(matches.text.trimEnd()).toMatch(/Line 1: needle \d+$/);
  });

  test("what a command printed until it was ended, and by what", () => {
    const late = callOf("marks", "bash", { command: "echo begun; sleep 60" });
    expect(late).toMatchObject({ text: "begun\n", isTimedOut: true });
    const long = callOf("bigoutput", "bash", { command: "seq 1 2400" });
    expect([long.text.split("\n").slice(0, 2), long.text.slice(-5), long.isTruncated]).toEqual([
      ["1", "2"],
      "2400\n",
      false,
    ]);
    const stopped = callOf("abortbash", "bash", {});
    expect(stopped.text).toBe("started\n");
    expect(stopped).not.toHaveProperty("isTimedOut");
    expect(callOf("marks", "bash", { command: "true" }).text).toBe("");
  });
});

const done = (state: Partial<OpenCodeToolState>): OpenCodeToolState => ({ status: "completed", ...state });
const aborted = "\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>";

describe("what a command prints stays whole", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(own, aborted, `a${aborted}`, "...output truncated...\n\nFull output saved to: /x\n\nb"),
  );

  test("when it came to its own end", () => {
    fc.assert(
      fc.property(texts, fc.nat(255), (output, exit) => {
        const { text } = toolText("bash", done({ output, metadata: { output, exit, truncated: false } }));
        expect(text).toBe(output);
      }),
    );
  });

  test("when it was ended: only the last note goes", () => {
    fc.assert(
      fc.property(texts, (output) => {
        const state = done({ output: output + aborted, metadata: { output, exit: null, truncated: false } });
        expect(toolText("bash", state).text).toBe(output);
      }),
    );
  });

  test("when there was more of it and it was ended: the note on either side goes", () => {
    const metadata = { output: "2\n", exit: null, truncated: true, outputPath: "/tool_1" };
    const late = "shell tool terminated command after exceeding timeout 700 ms. If this command is expected";
    const output = `...output truncated...\n\nFull output saved to: /tool_1\n\n1\n2\n${aborted.replace(/User.*/, late)}`;
    expect(toolText("bash", done({ output, metadata }))).toEqual({ text: "1\n2\n", isTimedOut: true, isCut: true });
  });

  test("when a line of it is longer than what is handed on: its end is there", () => {
    const end = `${"95002,".repeat(4_999)}\nEND\n`;
    for (const kept of ["", "\n", "\nEND\n"]) {
      const output = `...output truncated...\n\nFull output saved to: /tool_1\n\n${kept}`;
      const preview = kept === "\nEND\n" ? end : `${"95002,".repeat(4_999)}${kept}`;
      const metadata = { output: `...\n\n${preview}`, exit: 0, truncated: true, outputPath: "/tool_1" };
      expect(toolText("bash", done({ output, metadata }))).toEqual({ text: preview, isTimedOut: false, isCut: true });
    }
  });

  test("and a stopped command that printed nothing shows nothing", () => {
    const output = `(no output)${aborted}`;
    expect(toolText("bash", done({ output, metadata: { output, exit: null } })).text).toBe("");
  });
});

test("of an output that is cut the file that has all of it is named, and no path", () => {
  const cut = { output: "2\n", exit: 0, truncated: true };
  const wholeOf = (outputPath: string, metadata: object = cut) =>
    finalOutput("bash", done({ output: "2\n", metadata: { ...metadata, outputPath } })).wholeOutput;
  expect(wholeOf("/root/.local/share/opencode/tool-output/tool_09af")).toBe("tool_09af");
  expect(wholeOf("/root/.local/share/opencode/auth.json")).toBeUndefined();
  expect(wholeOf("/x/tool_1/../../auth.json")).toBeUndefined();
  expect(wholeOf("/x/tool_09af", { output: "2\n", exit: 0, truncated: false })).toBeUndefined();
});

test("a line that OpenCode cut loses the note on it, a line that a file ends so does not", () => {
  const note = "... (line truncated to 2000 chars)";
  const text = `${"x".repeat(2000)}${note}\nshort${note}`;
  const state = done({ output: "", metadata: { truncated: false, display: { type: "file", text } } });
  expect(toolText("read", state)).toEqual({
    text: `${"x".repeat(2000)}\nshort${note}`,
    isTimedOut: false,
    isCut: true,
  });
});

test("a long answer of any other tool loses the note on where the rest is", () => {
  const end = (path: string) =>
    `\n\n...12 lines truncated...\n\nThe tool call succeeded but the output was truncated. Full output saved to: ${path}\nUse Grep to search it.`;
  const state = (path: string, truncated = true) =>
    done({ output: `page${end(path)}`, metadata: { truncated, outputPath: "/tool_1" } });
  expect(toolText("webfetch", state("/tool_1")).text).toBe("page");
  expect(toolText("webfetch", state("/tool_2")).text).toBe(`page${end("/tool_2")}`);
  expect(toolText("webfetch", state("/tool_1", false)).text).toBe(`page${end("/tool_1")}`);
});

test("a task's answer comes without its envelope, and what looks like one inside stays", () => {
  const answer = '<task id="a" state="completed">\n</task_result>\n</task>';
  const output = `<task id="ses_1" state="completed">\n<task_result>\n${answer}\n</task_result>\n</task>`;
  expect(toolText("task", done({ output })).text).toBe(answer);
  expect(toolText("webfetch", done({ output })).text).toBe(output);
});

test("what a language server says of a written file is left out", () => {
  const output = "Wrote file successfully.\n\nLSP errors detected in this file, please fix:\n<diagnostics>…";
  expect(toolText("write", done({ output })).text).toBe("Wrote file successfully.");
});
