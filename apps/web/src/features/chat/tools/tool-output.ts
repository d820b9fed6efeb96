import type { FileChange, ToolOutput } from "@threadbox/contracts/turn";

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const fileOf = (value: unknown): FileChange | null => {
  const path = textOf(field(value, "path"));
  if (path === undefined) return null;
  const diff = textOf(field(value, "diff"));
  return {
    path,
    additions: numberOf(field(value, "additions")) ?? 0,
    deletions: numberOf(field(value, "deletions")) ?? 0,
    ...(diff === undefined ? {} : { diff }),
  };
};

/**
 * Reads a tool call's output. The transcript may come from an older server or from a tool that is not ours, so what
 * is missing is left out and text that is no `ToolOutput` is its text.
 */
export const readToolOutput = (value: unknown): ToolOutput | null => {
  if (typeof value === "string") return { text: value, isTruncated: false, files: [] };
  const text = textOf(field(value, "text"));
  if (text === undefined) return null;
  const files = field(value, "files");
  const title = textOf(field(value, "title"));
  const wholeOutput = textOf(field(value, "wholeOutput"));
  const exitCode = numberOf(field(value, "exitCode"));
  const startedAt = numberOf(field(value, "startedAt"));
  const endedAt = numberOf(field(value, "endedAt"));
  return {
    text,
    isTruncated: field(value, "isTruncated") === true,
    files: Array.isArray(files) ? files.map(fileOf).filter((file) => file !== null) : [],
    ...(title === undefined ? {} : { title }),
    ...(wholeOutput === undefined ? {} : { wholeOutput }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(field(value, "isTimedOut") === true ? { isTimedOut: true } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
};

/** A string of a tool call's input, whatever the model sent. */
export const readInput = (input: unknown, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = textOf(field(input, name));
    if (value !== undefined) return value;
  }
  return undefined;
};
