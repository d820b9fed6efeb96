import type { PieceChange } from "../secrets/index.ts";

/** Shorter texts occur by themselves, so that to hide them would spoil answers and hide nothing. */
const lengthMin = 4;
const star = 0x2a;

/** The forms in which an answer may repeat a value, besides those that were written into the request. */
export const formsOf = (value: string): readonly string[] => {
  const hex = [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), btoa(value).replace(/=+$/, ""), hex];
};

/** Texts to look for, the longest first, so that no part of a long one is left when a short one is found in it. */
const needlesOf = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].filter(({ length }) => length >= lengthMin).sort((a, b) => b.length - a.length);

/** A header's value with stars in the place of each of the texts. */
export const redactText = (text: string, hidden: readonly string[]): string =>
  needlesOf(hidden).reduce((known, needle) => known.replaceAll(needle, "*".repeat(needle.length)), text);

const isAt = (bytes: Uint8Array, needle: Uint8Array, at: number, length: number): boolean => {
  for (let n = 0; n < length; n++) if (bytes[at + n] !== needle[n]) return false;
  return true;
};

/** Where the longest beginning of a needle starts that the bytes end with; their length: there is none. */
const openEnd = (bytes: Uint8Array, needles: readonly Uint8Array[]): number => {
  const longest = Math.max(...needles.map(({ length }) => length));
  for (let at = Math.max(0, bytes.length - longest + 1); at < bytes.length; at++) {
    const rest = bytes.length - at;
    if (needles.some((needle) => rest < needle.length && isAt(bytes, needle, at, rest))) return at;
  }
  return bytes.length;
};

const hide = (bytes: Uint8Array, needle: Uint8Array): void => {
  const [first = 0] = needle;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (at + needle.length <= bytes.length && isAt(bytes, needle, at, needle.length)) {
      bytes.fill(star, at, at + needle.length);
    }
  }
};

/** A whole message with stars in the place of each of the texts; the bytes themselves are changed. */
export const redactBytes = (bytes: Uint8Array, hidden: readonly string[]): void => {
  for (const text of needlesOf(hidden)) hide(bytes, new TextEncoder().encode(text));
};

/**
 * Puts as many stars in the place of each of the texts, wherever the pieces of a body begin and end. What cannot be the
 * beginning of one of them is passed on at once, so that a stream of events stays one. Null: there is nothing to look for.
 */
export const redactPieces = (hidden: readonly string[]): PieceChange | null => {
  const needles = needlesOf(hidden).map((text) => new TextEncoder().encode(text));
  if (needles.length === 0) return null;
  let held = new Uint8Array();
  return {
    pass: (piece) => {
      const bytes = new Uint8Array(held.length + piece.length);
      bytes.set(held);
      bytes.set(piece, held.length);
      for (const needle of needles) hide(bytes, needle);
      const end = openEnd(bytes, needles);
      held = bytes.slice(end);
      return bytes.subarray(0, end);
    },
    rest: () => held,
  };
};
