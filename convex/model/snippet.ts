import { type Infer, v } from "convex/values";

/** A part of a text around a match. `matchStart` and `matchEnd` are positions in `text`, in UTF-16 units, the end not included. */
export const snippetFields = { text: v.string(), matchStart: v.number(), matchEnd: v.number() };
const snippetView = v.object(snippetFields);
export type Snippet = Infer<typeof snippetView>;

/** UTF-16 units that are shown before and behind a match, at most. */
const beforeMax = 60;
const afterMax = 140;

const words = /[\p{Alphabetic}\p{N}]+/gu;

/** The words of a query, in lower case, as a search index splits them. */
export const wordsOf = (text: string): string[] => (text.match(words) ?? []).map((word) => word.toLowerCase());

/** Whether a cut at `at` would fall inside what a reader sees as one character. */
const isInside = (text: string, at: number): boolean =>
  /^[\udc00-\udfff]/.test(text.slice(at, at + 1)) ||
  /^[\p{M}\p{Emoji_Modifier}\u200d]/u.test(text.slice(at, at + 2)) ||
  text[at - 1] === "\u200d";

const oneLine = (text: string): string => text.replace(/\s+/gu, " ");

/**
 * The first place where a word of the text is a word of the query, or begins with its last one; without such a place the
 * beginning of the text, with an empty match.
 */
const findMatch = (text: string, query: readonly string[]): { start: number; end: number } => {
  const last = query.at(-1);
  let begun: { start: number; end: number } | null = null;
  for (const { 0: word, index } of text.matchAll(words)) {
    const folded = word.toLowerCase();
    const place = { start: index, end: index + word.length };
    if (query.includes(folded)) return place;
    if (begun === null && last !== undefined && folded.startsWith(last)) begun = place;
  }
  return begun ?? { start: 0, end: 0 };
};

/** What a list of results shows of a text: one line around the match, cut between two characters. */
export const snippetOf = (text: string, query: readonly string[]): Snippet => {
  const { start, end } = findMatch(text, query);
  let from = Math.max(0, start - beforeMax);
  while (from < start && isInside(text, from)) from += 1;
  let to = Math.min(text.length, end + afterMax);
  while (to > end && isInside(text, to)) to -= 1;
  const before = `${from > 0 ? "…" : ""}${oneLine(text.slice(from, start)).replace(/^ /, "")}`;
  const match = text.slice(start, end);
  const after = `${oneLine(text.slice(end, to)).replace(/ $/, "")}${to < text.length ? "…" : ""}`;
  return { text: before + match + after, matchStart: before.length, matchEnd: before.length + match.length };
};
