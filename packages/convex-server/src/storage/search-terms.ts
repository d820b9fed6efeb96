const word = /[\p{Alphabetic}\p{N}]+/gu;

/** Convex's limit on a term; longer words are left out, not cut. */
const termBytesMax = 32;
const encoder = new TextEncoder();

/** The words of a text as Convex's search sees them: split at whitespace and punctuation, in lower case. */
export const termsOf = (text: string): string[] =>
  (text.match(word) ?? []).flatMap((found) =>
    encoder.encode(found).length > termBytesMax ? [] : [found.toLowerCase()],
  );
