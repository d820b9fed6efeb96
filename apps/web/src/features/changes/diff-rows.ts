import type { ChangedFile } from "@threadbox/contracts/changes";
import type { Hunk, HunkLine } from "./hunks.ts";

export type Layout = "unified" | "split";

/** A changed file with its hunks read; null: they are not here, or not readable. */
export interface ReadFile {
  readonly file: ChangedFile;
  readonly hunks: readonly Hunk[] | null;
}

/** One line as it is drawn, and the line that it took the place of, or that took its. */
export interface Cell {
  readonly line: HunkLine;
  readonly partner: string | null;
}

/** A place to which a comment belongs: a line of the text as it was, or as it is. */
export interface LinePlace {
  readonly path: string;
  readonly side: "before" | "after";
  readonly line: number;
}

export type DiffRow =
  | { readonly kind: "file"; readonly key: string; readonly file: ChangedFile; readonly isOpen: boolean }
  | { readonly kind: "note"; readonly key: string; readonly file: ChangedFile }
  | {
      readonly kind: "hunk";
      readonly key: string;
      readonly file: ChangedFile;
      readonly hunk: Hunk;
      readonly index: number;
    }
  | { readonly kind: "line"; readonly key: string; readonly path: string; readonly cell: Cell }
  | {
      readonly kind: "pair";
      readonly key: string;
      readonly path: string;
      readonly before: Cell | null;
      readonly after: Cell | null;
    };

/** The place of a line: where both texts have it, the one that is now. */
export const placeOf = (path: string, { before, after }: HunkLine): LinePlace =>
  after === null ? { path, side: "before", line: before ?? 0 } : { path, side: "after", line: after };

export const placeKey = ({ path, side, line }: LinePlace): string => `${side} ${line} ${path}`;

interface Block {
  readonly removed: readonly HunkLine[];
  readonly added: readonly HunkLine[];
}

/** Runs of removed lines with the added ones that follow, and unchanged lines on their own. */
const blocksOf = (lines: readonly HunkLine[]): readonly (Block | HunkLine)[] => {
  const blocks: (Block | HunkLine)[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as HunkLine;
    if (line.sign === " ") {
      blocks.push(line);
      at += 1;
      continue;
    }
    const start = at;
    while (lines[at]?.sign === "-") at += 1;
    const middle = at;
    while (lines[at]?.sign === "+") at += 1;
    blocks.push({ removed: lines.slice(start, middle), added: lines.slice(middle, at) });
  }
  return blocks;
};

const cellsOf = (own: readonly HunkLine[], others: readonly HunkLine[]): readonly Cell[] =>
  own.map((line, at) => ({ line, partner: own.length === others.length ? (others[at]?.text ?? null) : null }));

const rowsOfHunk = (path: string, hunk: Hunk, layout: Layout, key: string): readonly DiffRow[] =>
  blocksOf(hunk.lines).flatMap((block, number): readonly DiffRow[] => {
    if ("sign" in block) {
      const cell = { line: block, partner: null };
      return layout === "unified"
        ? [{ kind: "line", key: `${key} ${number}`, path, cell }]
        : [{ kind: "pair", key: `${key} ${number}`, path, before: cell, after: cell }];
    }
    const removed = cellsOf(block.removed, block.added);
    const added = cellsOf(block.added, block.removed);
    if (layout === "unified") {
      return [...removed, ...added].map((cell, at) => ({ kind: "line", key: `${key} ${number} ${at}`, path, cell }));
    }
    return Array.from({ length: Math.max(removed.length, added.length) }, (_, at) => ({
      kind: "pair",
      key: `${key} ${number} ${at}`,
      path,
      before: removed[at] ?? null,
      after: added[at] ?? null,
    }));
  });

/** Everything that is drawn, from top to bottom; of a file that is closed its head alone. */
export const diffRows = (
  files: readonly ReadFile[],
  layout: Layout,
  isOpen: (file: ChangedFile) => boolean,
): readonly DiffRow[] =>
  files.flatMap(({ file, hunks }): readonly DiffRow[] => {
    const head = { kind: "file", key: file.path, file, isOpen: isOpen(file) } as const;
    if (!head.isOpen) return [head];
    if (hunks === null || hunks.length === 0) return [head, { kind: "note", key: `${file.path}\0note`, file }];
    return [
      head,
      ...hunks.flatMap((hunk, index): readonly DiffRow[] => {
        const key = `${file.path}\0${index}`;
        return [{ kind: "hunk", key, file, hunk, index }, ...rowsOfHunk(file.path, hunk, layout, key)];
      }),
    ];
  });
