/**
 * How well a name fits what was typed: the letters must come in this order; higher is better, null is no match. A whole
 * piece counts more than scattered letters, and the beginning of a word more than its middle.
 */
export const fuzzyScore = (name: string, typed: string): number | null => {
  const text = name.toLowerCase();
  const wanted = typed.toLowerCase().trim();
  if (wanted === "") return 0;
  const whole = text.indexOf(wanted);
  if (whole !== -1) return 1_000 - whole + (isWordStart(text, whole) ? 500 : 0);
  let score = 0;
  let at = -1;
  for (const letter of wanted.replaceAll(" ", "")) {
    const next = text.indexOf(letter, at + 1);
    if (next === -1) return null;
    score += isWordStart(text, next) ? 10 : next === at + 1 ? 5 : -1;
    at = next;
  }
  return score > 0 ? score : null;
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
