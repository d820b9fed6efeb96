/** One line of a hunk. `sign` says which of the two texts has it. */
export interface HunkLine {
  readonly sign: " " | "+" | "-";
  /** Without its line end; a carriage return is the line's own. */
  readonly text: string;
  /** Numbers of the line in either text, from 1; null where that text does not have it. */
  readonly before: number | null;
  readonly after: number | null;
  /** False for the last line of a text that ends without a line end. */
  readonly hasEnd: boolean;
}

/** A run of changed lines, and up to three unchanged ones on either side. */
export interface Hunk {
  /** As git writes it, from `@@` on: which lines, and what they stand in. */
  readonly title: string;
  /** Number of the first line in either text, from 1; where the hunk has no line of that text, the line before. */
  readonly beforeStart: number;
  readonly afterStart: number;
  readonly lines: readonly HunkLine[];
}

const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads hunks as `git diff` writes them; null where they are not of that form, as what wrote them may lie. */
export const readHunks = (text: string): readonly Hunk[] | null => {
  const rows = text.split("\n");
  // The text ends with a line end.
  if (rows.pop() !== "") return null;
  const hunks: Hunk[] = [];
  for (let at = 0; at < rows.length; ) {
    const title = rows[at] ?? "";
    const [, beforeStart, beforeCount = "1", afterStart, afterCount = "1"] = head.exec(title) ?? [];
    if (beforeStart === undefined || afterStart === undefined) return null;
    at += 1;
    let [before, after] = [Number(beforeStart), Number(afterStart)];
    let [beforeLeft, afterLeft] = [Number(beforeCount), Number(afterCount)];
    const lines: HunkLine[] = [];
    while (at < rows.length && (beforeLeft > 0 || afterLeft > 0)) {
      const row = rows[at] ?? "";
      const sign = row[0];
      if (sign !== " " && sign !== "+" && sign !== "-") return null;
      const hasEnd = rows[at + 1]?.startsWith("\\") !== true;
      const [isBefore, isAfter] = [sign !== "+", sign !== "-"];
      lines.push({
        sign,
        text: row.slice(1),
        before: isBefore ? before : null,
        after: isAfter ? after : null,
        hasEnd,
      });
      if (isBefore) [before, beforeLeft] = [before + 1, beforeLeft - 1];
      if (isAfter) [after, afterLeft] = [after + 1, afterLeft - 1];
      at += hasEnd ? 1 : 2;
    }
    if (beforeLeft !== 0 || afterLeft !== 0) return null;
    hunks.push({ title, beforeStart: Number(beforeStart), afterStart: Number(afterStart), lines });
  }
  return hunks;
};

/** A hunk as git writes it. */
export const hunkText = ({ title, lines }: Hunk): string =>
  [
    title,
    ...lines.map(({ sign, text, hasEnd }) => `${sign}${text}${hasEnd ? "" : "\n\\ No newline at end of file"}`),
    "",
  ].join("\n");

const textOf = (lines: readonly HunkLine[], without: "+" | "-"): string =>
  lines
    .filter(({ sign }) => sign !== without)
    .map(({ text, hasEnd }) => (hasEnd ? `${text}\n` : text))
    .join("");

/** Where each line of the text begins, and, last, where the text ends. */
const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  if (starts.at(-1) !== text.length) starts.push(text.length);
  return starts;
};

/**
 * The text without what these hunks changed in it. Null where a hunk's lines are not where it says: then the text is not
 * the one that was compared.
 */
export const takeBack = (text: string, hunks: readonly Hunk[]): string | null => {
  const starts = lineStarts(text);
  let result = "";
  let done = 0;
  for (const { afterStart, lines } of hunks) {
    const now = textOf(lines, "-");
    const isEmpty = lines.every(({ sign }) => sign === "-");
    const start = starts[isEmpty ? afterStart : afterStart - 1];
    if (start === undefined || start < done || !text.startsWith(now, start)) return null;
    // A line that ends without a line end must be the last.
    if (now !== "" && !now.endsWith("\n") && start + now.length !== text.length) return null;
    result += text.slice(done, start) + textOf(lines, "+");
    done = start + now.length;
  }
  return result + text.slice(done);
};
