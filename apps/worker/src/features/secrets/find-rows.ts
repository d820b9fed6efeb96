import { secretDeedWords } from "@threadbox/contracts/secret-deeds";
import type { ChainRow } from "./chain.ts";

const stepRows = 500;
/** Rows that one answer looks at; the next page goes on from there. */
const lookedAtMax = 10_000;

/** What the page shows of a row, and the ids behind it. */
const textOf = ({ name, version, action, actor, reason, scope, requestId }: ChainRow): string =>
  [name, `v${version}`, action, secretDeedWords[action], `the ${actor}`, reason, scope, requestId]
    .join(" ")
    .toLowerCase();

/** Whether a row has every word. */
export const hasWords = (row: ChainRow, words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  const text = textOf(row);
  return words.every((word) => text.includes(word));
};

export const wordsOf = (find: string): readonly string[] => find.toLowerCase().split(/\s+/).filter(Boolean);

export interface FoundRows {
  readonly rows: readonly ChainRow[];
  /** Where to go on; null: there is nothing older. */
  readonly before: number | null;
}

/** The newest rows before that one which have every word, looked for in all that there are. */
export const findRows = (
  chainBefore: (sequence: number, count: number) => readonly ChainRow[],
  before: number | null,
  count: number,
  words: readonly string[],
): FoundRows => {
  const rows: ChainRow[] = [];
  let at = before ?? Number.MAX_SAFE_INTEGER;
  for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += stepRows) {
    const step = chainBefore(at, stepRows);
    for (const row of step) {
      if (hasWords(row, words)) rows.push(row);
      at = row.sequence;
      if (rows.length === count) return { rows, before: chainBefore(at, 1).length === 0 ? null : at };
    }
    if (step.length < stepRows) return { rows, before: null };
  }
  return { rows, before: at };
};
