import { cutText, cutTextStart } from "@threadbox/contracts/cut-text";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { FileChange, ToolOutput } from "@threadbox/contracts/turn";
import { Predicate } from "effect";
import { toolText } from "./tool-text.ts";
import type { OpenCodeToolState } from "./wire.ts";

/** Longest text of a finished tool call, and of one that still runs (its end is kept), in characters. */
const textLengthMax = 64 * 1024;
const runningTextLengthMax = 8 * 1024;
/** Where OpenCode says that it keeps a long output; only the file's name is taken from it. */
const keptOutput = /\/(tool_[A-Za-z0-9]{1,64})$/;
const diffLengthMax = 64 * 1024;

/** Tools whose title is a path, which OpenCode gives relative to a folder above the workspace. */
const fileTools: ReadonlySet<string> = new Set(["read", "write", "edit"]);

const stringAt = (record: unknown, key: string): string | undefined =>
  Predicate.hasProperty(record, key) && Predicate.isString(record[key]) ? record[key] : undefined;
const countAt = (record: unknown, key: string): number | undefined =>
  Predicate.hasProperty(record, key) && Number.isInteger(record[key]) ? Number(record[key]) : undefined;

const workspaceRelative = (path: string): string =>
  path.startsWith(`${workspacePath}/`) ? path.slice(workspacePath.length + 1) : path;

const lineCount = (text: string): number => (text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
const diffLines = (diff: string, sign: "+" | "-"): number =>
  diff.split("\n").filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;

const withDiff = (change: Omit<FileChange, "diff">, diff: string | undefined): FileChange =>
  diff === undefined || diff === "" ? change : { ...change, diff: cutText(diff, diffLengthMax) };

const changeOf = (record: unknown): FileChange | null => {
  const path = stringAt(record, "file") ?? stringAt(record, "filePath") ?? stringAt(record, "relativePath");
  if (path === undefined) return null;
  const diff = stringAt(record, "patch") ?? stringAt(record, "diff");
  const additions = countAt(record, "additions") ?? diffLines(diff ?? "", "+");
  const deletions = countAt(record, "deletions") ?? diffLines(diff ?? "", "-");
  return withDiff({ path: workspaceRelative(path), additions, deletions }, diff);
};

/** `write` reports no diff; for a new file the content is the diff. */
const writtenFile = (state: OpenCodeToolState): FileChange | null => {
  const path = stringAt(state.metadata, "filepath") ?? stringAt(state.input, "filePath");
  const content = stringAt(state.input, "content");
  if (path === undefined || content === undefined) return null;
  const count = lineCount(content);
  const isNew = Predicate.hasProperty(state.metadata, "exists") && state.metadata.exists === false;
  const lines = content.split("\n").slice(0, count);
  const name = workspaceRelative(path);
  const diff = `--- /dev/null\n+++ ${name}\n@@ -0,0 +1,${count} @@\n${lines.map((line) => `+${line}`).join("\n")}\n`;
  return withDiff({ path: name, additions: count, deletions: 0 }, isNew && count > 0 ? diff : undefined);
};

/** Which files a finished tool call changed. */
export const filesOf = (tool: string, state: OpenCodeToolState): readonly FileChange[] => {
  const reported = Predicate.hasProperty(state.metadata, "filediff") ? changeOf(state.metadata.filediff) : null;
  if (reported !== null) return [reported];
  if (Predicate.hasProperty(state.metadata, "files") && Array.isArray(state.metadata.files)) {
    return state.metadata.files.map(changeOf).filter(Predicate.isNotNull);
  }
  const written = tool === "write" ? writtenFile(state) : null;
  return written === null ? [] : [written];
};

const titleOf = (tool: string, state: OpenCodeToolState): string | undefined => {
  const path = fileTools.has(tool) ? stringAt(state.input, "filePath") : undefined;
  const title = path === undefined ? (state.title ?? stringAt(state.metadata, "title")) : workspaceRelative(path);
  return title === "" ? undefined : title;
};

/** The output of a finished tool call. */
export const finalOutput = (tool: string, state: OpenCodeToolState): ToolOutput => {
  const { text, isTimedOut, isCut } = toolText(tool, state);
  const title = titleOf(tool, state);
  const exitCode = countAt(state.metadata, "exit");
  const whole = keptOutput.exec(stringAt(state.metadata, "outputPath") ?? "")?.[1];
  const isTruncated = text.length > textLengthMax || isCut;
  return {
    text: cutText(text, textLengthMax),
    isTruncated,
    ...(whole === undefined || !isTruncated ? {} : { wholeOutput: whole }),
    files: filesOf(tool, state),
    ...(title === undefined ? {} : { title }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(isTimedOut ? { isTimedOut } : {}),
    ...(state.time?.start === undefined ? {} : { startedAt: state.time.start }),
    ...(state.time?.end === undefined ? {} : { endedAt: state.time.end }),
  };
};

/** The end of what a running tool call has printed so far; null while there is nothing to show. */
export const runningOutput = (tool: string, state: OpenCodeToolState): ToolOutput | null => {
  const text = stringAt(state.metadata, "output");
  if (text === undefined || text === "") return null;
  const title = titleOf(tool, state);
  return {
    text: cutTextStart(text, runningTextLengthMax),
    isTruncated: text.length > runningTextLengthMax,
    files: [],
    ...(title === undefined ? {} : { title }),
    ...(state.time?.start === undefined ? {} : { startedAt: state.time.start }),
  };
};
