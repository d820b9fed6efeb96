import { Predicate } from "effect";
import type { OpenCodeToolState } from "./wire.ts";

/** What came out of a finished tool call, without the notes that OpenCode (1.18) writes around it for the model. */
export interface ToolText {
  readonly text: string;
  /** OpenCode ended the command because it took too long. */
  readonly isTimedOut: boolean;
  /** There was more of it than OpenCode hands on. */
  readonly isCut: boolean;
}

const stringAt = (record: unknown, key: string): string | undefined =>
  Predicate.hasProperty(record, key) && Predicate.isString(record[key]) ? record[key] : undefined;

const withoutStart = (text: string, start: string): string =>
  text.startsWith(start) ? text.slice(start.length) : text;
const withoutEnd = (text: string, end: string): string =>
  text.endsWith(end) ? text.slice(0, text.length - end.length) : text;

const isCut = ({ metadata }: OpenCodeToolState): boolean => metadata?.truncated === true;

/** Begins the last 30,000 characters that a command printed, where there are more. */
const previewStart = "...\n\n";

const noOutput = "(no output)";
const shellEnd =
  /\n\n<shell_metadata>\n(?:User aborted the command|(shell tool terminated command after exceeding timeout) \d+ ms\.[^\n]*)\n<\/shell_metadata>$/;

/** Only a command that did not come to its own end, and so has no exit code, is followed by why. */
const shellText = (state: OpenCodeToolState): ToolText => {
  const output = state.output ?? stringAt(state.metadata, "output") ?? "";
  const end = Predicate.isNumber(state.metadata?.exit) ? null : shellEnd.exec(output);
  const path = stringAt(state.metadata, "outputPath");
  const start = `...output truncated...\n\nFull output saved to: ${path}\n\n`;
  const printed = withoutStart(end === null ? output : output.slice(0, end.index), isCut(state) ? start : "");
  // Whole lines are handed on: one that is longer than the limit costs all that stands before its end.
  const preview = isCut(state) ? (stringAt(state.metadata, "output") ?? "") : "";
  const last = withoutStart(preview, previewStart);
  const isLonger = last.length > printed.length && last.endsWith(printed);
  const text = isLonger ? last : printed;
  return {
    text: text === noOutput ? "" : text,
    isTimedOut: end?.[1] !== undefined,
    isCut: isCut(state) && !(isLonger && last === preview),
  };
};

/** A line of a file is cut at this length, and says so itself. */
const lineLengthMax = 2000;
const lineEnd = `... (line truncated to ${lineLengthMax} chars)`;
const wholeLine = (line: string): string =>
  line.length === lineLengthMax + lineEnd.length ? withoutEnd(line, lineEnd) : line;

/** A file or folder as it is; `output` holds the same with line numbers, between tags. */
const readText = (state: OpenCodeToolState): ToolText => {
  const shown = state.metadata?.display;
  const text = stringAt(shown, "text");
  if (text !== undefined) {
    const whole = text.split("\n").map(wholeLine).join("\n");
    return { text: whole, isTimedOut: false, isCut: isCut(state) || whole !== text };
  }
  const entries = Predicate.hasProperty(shown, "entries") ? shown.entries : undefined;
  const listing = Array.isArray(entries) ? entries.filter(Predicate.isString).join("\n") : (state.output ?? "");
  return { text: listing, isTimedOut: false, isCut: isCut(state) };
};

const advice = "Consider using a more specific path or pattern.)";

const globText = (state: OpenCodeToolState): string => {
  const end = `\n\n(Results are truncated: showing first ${state.metadata?.count} results. ${advice}`;
  return withoutEnd(state.output ?? "", isCut(state) ? end : "");
};

const grepText = (state: OpenCodeToolState): string => {
  const output = state.output ?? "";
  if (!isCut(state)) return output;
  const found = `Found ${state.metadata?.matches} matches`;
  const start = `${found} (more matches available)`;
  const text = withoutEnd(output, `\n\n(Results truncated. ${advice}`);
  return text.startsWith(start) ? found + text.slice(start.length) : text;
};

/** A tool that writes says so in words of its own; what a language server thinks of it is between it and the model. */
const writerText = ({ output = "" }: OpenCodeToolState): string =>
  output.split("\n\nLSP errors detected in ", 1)[0] ?? output;

const task = /^<task id="[^"\n]*" state="[^"\n]*">\n(?:<summary>[^\n]*<\/summary>\n)?<(task_result|task_error)>\n/;

const taskText = (output: string): string => {
  const start = task.exec(output);
  if (start === null) return output;
  return withoutEnd(output.slice(start[0].length), `\n</${start[1]}>\n</task>`);
};

const cutEnd =
  /\n\n\.\.\.\d+ (?:bytes|lines) truncated\.\.\.\n\nThe tool call succeeded but the output was truncated\. Full output saved to: ([^\n]*)\n[^\n]*$/;

const otherText = (tool: string, state: OpenCodeToolState): string => {
  const output = state.output ?? "";
  const end = isCut(state) ? cutEnd.exec(output) : null;
  const text = end !== null && end[1] === stringAt(state.metadata, "outputPath") ? output.slice(0, end.index) : output;
  return tool === "task" ? taskText(text) : text;
};

export const toolText = (tool: string, state: OpenCodeToolState): ToolText => {
  const textOf = (): string => {
    if (tool === "glob") return globText(state);
    if (tool === "grep") return grepText(state);
    return tool === "edit" || tool === "write" || tool === "apply_patch" ? writerText(state) : otherText(tool, state);
  };
  if (tool === "bash") return shellText(state);
  return tool === "read" ? readText(state) : { text: textOf(), isTimedOut: false, isCut: isCut(state) };
};
