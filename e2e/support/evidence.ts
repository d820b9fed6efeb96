import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./addresses.ts";

const bytesMax = 256 * 1024;

const logsOf = ({ home }: Installation): readonly string[] => {
  const folder = join(home, "logs");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

/** How long every log of these installations is at the moment. */
export type LogMarks = ReadonlyMap<string, number>;

export const markLogs = (installations: readonly Installation[]): LogMarks =>
  new Map(installations.flatMap(logsOf).map((path) => [path, statSync(path).size]));

const readFrom = (path: string, start: number): string => {
  const { size } = statSync(path);
  const from = Math.max(start <= size ? start : 0, size - bytesMax);
  const bytes = Buffer.alloc(size - from);
  const file = openSync(path, "r");
  try {
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
};

/** What the installations' processes have logged since, by the path of the log. */
export const logsSince = (
  marks: LogMarks,
  installations: readonly Installation[],
): readonly (readonly [string, string])[] =>
  installations
    .flatMap(logsOf)
    .map((path) => [path, readFrom(path, marks.get(path) ?? 0)] as const)
    .filter(([, text]) => text !== "");
