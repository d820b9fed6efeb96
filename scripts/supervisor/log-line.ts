/** pino's number for a warning; quieter lines go to the log file only. */
const warn = 40;

const recordOf = (line: string): Record<string, unknown> | undefined => {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

/**
 * What the terminal shows of a process's line: plain lines as they are, JSON log lines as their message when they
 * warn, and nothing for the rest.
 */
export const readableLine = (line: string): string | undefined => {
  const record = recordOf(line);
  if (!record) return line.trim() === "" ? undefined : line;
  const level = record.level;
  const isWarning = typeof level === "number" ? level >= warn : level === "warn" || level === "error";
  if (!isWarning) return undefined;
  const words = record.msg ?? record.message ?? record.event ?? "";
  return `${typeof level === "number" ? (level >= 50 ? "error" : "warning") : String(level)}: ${String(words)}`;
};

/** A process's last lines as one text: each as the terminal shows it, those it doesn't show as they are, and none twice. */
export const lastOutput = (lines: readonly string[]): string =>
  [...new Set(lines.map((line) => readableLine(line) ?? line))].join("\n");
