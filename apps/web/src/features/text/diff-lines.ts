export interface DiffLine {
  readonly kind: "added" | "removed" | "context" | "gap";
  readonly text: string;
  /** Unique within the diff. */
  readonly key: number;
}

/** The lines of a unified diff, without its file headers; a gap stands between hunks. */
export const diffLines = (diff: string): readonly DiffLine[] => {
  const lines: DiffLine[] = [];
  let isInHunk = false;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("@@")) {
      if (isInHunk) lines.push({ kind: "gap", text: line.replace(/^@@[^@]*@@ ?/, ""), key: lines.length });
      isInHunk = true;
    } else if (isInHunk && !line.startsWith("\\")) {
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "context";
      lines.push({ kind, text: line.slice(1), key: lines.length });
    }
  }
  return lines;
};
