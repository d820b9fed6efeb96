/**
 * How well a name fits what was typed: higher is better, null is no match. A whole piece counts more than the beginnings of
 * its words, and the beginning of a word more than its middle.
 */
export const fuzzyScore = (name: string, typed: string): number | null => {
  const text = name.toLowerCase();
  const wanted = typed.toLowerCase().trim();
  if (wanted === "") return 0;
  const whole = text.indexOf(wanted);
  if (whole !== -1) return 1_000 - whole + (isWordStart(text, whole) ? 500 : 0);
  return initialsScore(text, wanted.replaceAll(" ", ""));
};

/** Letters that each begin a word or follow the one before: `nt` and `newt` for "New thread", never scattered ones. */
const initialsScore = (text: string, wanted: string): number | null => {
  // Where the letters so far can end; the earliest leaves most words to come.
  let ends = new Set<number>();
  for (const [at, letter] of [...wanted].entries()) {
    const earliest = at === 0 ? -1 : Math.min(...ends);
    const next = new Set<number>();
    for (let index = earliest + 1; index < text.length; index += 1)
      if (text[index] === letter && (isWordStart(text, index) || ends.has(index - 1))) next.add(index);
    if (next.size === 0) return null;
    ends = next;
  }
  return 1;
};

const isWordStart = (text: string, index: number): boolean =>
  index === 0 || /[^\p{L}\p{N}]/u.test(text[index - 1] ?? "");

/** Those that fit, the best first; those that fit alike keep their order. */
export const fuzzyMatches = <T>(items: readonly T[], nameOf: (item: T) => string, typed: string): readonly T[] =>
  items
    .map((item) => ({ item, score: fuzzyScore(nameOf(item), typed) }))
    .filter((entry): entry is { item: T; score: number } => entry.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
