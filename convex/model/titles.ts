import { titleLengthMax } from "@threadbox/contracts/limits";
import { refusal } from "./errors.ts";

/** Longest title that is taken from a message; a person may choose a longer one. */
const derivedLengthMax = 80;

/** Line breaks, tabs and every other control character become a space. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * Removed: marks that reorder or hide text (bidirectional controls, zero-width space, word joiner, byte order mark,
 * soft hyphen, tag characters) and halves of surrogate pairs. The zero-width joiners stay: emoji and Persian need them.
 */
const deceptive = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}\p{Cs}]/gu;

const plain = (text: string): string => text.replace(controls, " ").replace(deceptive, "").replace(/\s+/gu, " ").trim();

/** The title a person chose, made harmless to show. Refuses an empty one and one over 200 characters. */
export const chosenTitle = (raw: string): string => {
  const title = plain(raw);
  if (title === "") throw refusal("ValidationError", "Enter a title.");
  if ([...title].length > titleLengthMax)
    throw refusal("ValidationError", `Titles can have up to ${titleLengthMax} characters.`);
  return title;
};

/** The title of a thread nobody named: the first line that says something, cut at 80 characters; "" without one. */
export const derivedTitle = (text: string): string => {
  for (const line of text.split(/[\r\n\u2028\u2029]+/u)) {
    const characters = [...plain(line)];
    if (characters.length > derivedLengthMax)
      return `${characters
        .slice(0, derivedLengthMax - 1)
        .join("")
        .trimEnd()}…`;
    if (characters.length > 0) return characters.join("");
  }
  return "";
};

const folded = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Whether every word of the query occurs in the title, upper or lower case alike. */
export const titleMatches = (title: string, query: string): boolean => {
  const haystack = folded(title);
  return folded(query)
    .split(/\s+/u)
    .every((word) => haystack.includes(word));
};
