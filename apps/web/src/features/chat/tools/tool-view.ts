import type { ProgramReport } from "@threadbox/contracts/codemode";
import { codemodeTool } from "@threadbox/contracts/codemode-tool";
import type { FileChange, ToolOutput } from "@threadbox/contracts/turn";
import { isBinary, terminalText, visibleText, withoutMarks } from "../../text/index.ts";
import { programTexts } from "../texts/programs.ts";
import { toolTexts, toolWords } from "../texts/tools.ts";
import { planText } from "./plan-text.ts";
import { readProgramReport } from "./program-report.ts";
import { readInput, readToolOutput } from "./tool-output.ts";

export type ToolKind =
  | "command"
  | "write"
  | "edit"
  | "read"
  | "search"
  | "list"
  | "web"
  | "plan"
  | "task"
  | "program"
  | "other";
export type ToolState = "running" | "done" | "failed" | "stopped";

/** One tool call as the page shows it. */
export interface ToolView {
  readonly kind: ToolKind;
  readonly state: ToolState;
  /** "Ran", "Writing", … */
  readonly verb: string;
  /** What it is done to, in a word: "command", "file". */
  readonly noun: string;
  /** The command, path or pattern; one line. */
  readonly target: string;
  /** The whole of a command, however many lines it has. */
  readonly command: string | undefined;
  /** As it is shown: a command's as a terminal would, any other with what deceives made visible. */
  readonly output: string;
  /** As it is copied, with every character of its own. */
  readonly copied: string;
  /** What came out is no text. */
  readonly isBinary: boolean;
  readonly isTruncated: boolean;
  /** The file that has all of it, where it is cut and one has. */
  readonly wholeOutput: string | undefined;
  readonly exitCode: number | undefined;
  readonly isTimedOut: boolean;
  readonly errorText: string | undefined;
  readonly files: readonly FileChange[];
  /** Of a run of a program: its text, and what it did as far as that is known. */
  readonly program: { readonly code: string; readonly report: ProgramReport | null } | undefined;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export interface ToolCall {
  readonly toolName: string;
  readonly input: unknown;
  /** `ToolOutput` so far or at the end; absent before the first. */
  readonly output: unknown;
  /** The tool itself failed, as opposed to what it ran. */
  readonly errorText?: string | undefined;
  /** `running`: it may still go on. `interrupted`: whatever has no result of its own was stopped with the turn. */
  readonly turn: "running" | "over" | "interrupted";
}

interface Tool {
  readonly kind: ToolKind;
  readonly words: (typeof toolWords)[keyof typeof toolWords];
  readonly target: (input: unknown) => string | undefined;
}

const tool = (kind: ToolKind, target: Tool["target"], words: Tool["words"] = toolWords[kind]): Tool => ({
  kind,
  words,
  target,
});

const path = (input: unknown) => readInput(input, "filePath", "path", "file");
const unknownTool = (toolName: string): Tool =>
  tool("other", (input) => readInput(input, "description", "filePath", "path", "query") ?? toolName);

const edit = tool("edit", path);

const tools: Readonly<Record<string, Tool>> = {
  bash: tool("command", (input) => readInput(input, "command")),
  write: tool("write", path),
  edit,
  multiedit: edit,
  patch: edit,
  apply_patch: edit,
  read: tool("read", path),
  grep: tool("search", (input) => readInput(input, "pattern")),
  glob: tool("search", (input) => readInput(input, "pattern"), toolWords.find),
  list: tool("list", (input) => path(input) ?? toolTexts.workspace),
  webfetch: tool("web", (input) => readInput(input, "url")),
  todowrite: tool("plan", () => toolTexts.thePlan),
  task: tool("task", (input) => readInput(input, "description")),
  [codemodeTool]: tool("program", () => toolTexts.aProgram),
};

const withoutWorkspace = (target: string): string => target.replace(/^\/workspace\//, "");

const firstLine = (text: string): string => {
  const lines = text.trim().split("\n");
  return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? "");
};

const stateOf = (
  { errorText, turn }: ToolCall,
  kind: ToolKind,
  output: ToolOutput | null,
  report: ProgramReport | null,
): ToolState => {
  if (errorText !== undefined) return /abort|interrupt|cancel|stopp/i.test(errorText) ? "stopped" : "failed";
  if (output?.endedAt === undefined) return turn === "running" ? "running" : "stopped";
  if (output.isTimedOut || report?.error !== undefined) return "failed";
  // A program that came to its own end has an exit code.
  if (kind === "command" && output.exitCode === undefined && turn === "interrupted") return "stopped";
  return output.exitCode === undefined || output.exitCode === 0 ? "done" : "failed";
};

export const toolView = (call: ToolCall): ToolView => {
  const known = Object.hasOwn(tools, call.toolName) ? tools[call.toolName] : undefined;
  const { kind, words, target } = known ?? unknownTool(call.toolName);
  const output = readToolOutput(call.output);
  const report = kind === "program" ? readProgramReport(output?.text ?? "") : null;
  const state = stateOf(call, kind, output, report);
  const command = kind === "command" ? readInput(call.input, "command") : undefined;
  const printed = kind === "plan" ? planText(output?.text ?? "") : (output?.text ?? "");
  const copied = kind === "command" ? terminalText(printed) : printed;
  const made = report === null ? undefined : programTexts.withCalls(report.calls.length);
  const what = made ?? target(call.input) ?? output?.title ?? output?.files[0]?.path ?? "";
  return {
    kind,
    state,
    verb: state === "running" ? words.doing : words.done,
    noun: words.noun,
    target: visibleText(withoutWorkspace(firstLine(what))),
    command: command === undefined ? undefined : visibleText(command),
    output: kind === "command" ? withoutMarks(copied) : visibleText(printed),
    copied,
    isBinary: isBinary(printed),
    isTruncated: output?.isTruncated ?? false,
    wholeOutput: output?.wholeOutput,
    exitCode: output?.exitCode,
    isTimedOut: output?.isTimedOut ?? false,
    errorText: state === "stopped" && call.turn === "interrupted" ? undefined : call.errorText,
    files: output?.files ?? [],
    program: kind === "program" ? { code: readInput(call.input, "code") ?? "", report } : undefined,
    startedAt: output?.startedAt,
    endedAt: output?.endedAt,
  };
};

/** "Exit 1", "Failed", "Timed out", or nothing where all went well; that the turn was stopped is said at its end. */
export const outcomeText = ({
  state,
  exitCode,
  isTimedOut,
}: Pick<ToolView, "state" | "exitCode" | "isTimedOut">): string | null => {
  if (state !== "failed") return null;
  if (isTimedOut) return toolTexts.timedOut;
  return exitCode === undefined ? toolTexts.failed : toolTexts.exit(exitCode);
};

export interface Change {
  readonly additions: number;
  readonly deletions: number;
}

export const changeOf = (files: readonly FileChange[]): Change =>
  files.reduce(
    (sum, file) => ({ additions: sum.additions + file.additions, deletions: sum.deletions + file.deletions }),
    { additions: 0, deletions: 0 },
  );
