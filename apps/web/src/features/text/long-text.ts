import { cutText } from "@threadbox/contracts/cut-text";

const lengthMax = 8_000;
const linesMax = 120;
const headLengthMax = 1_500;
const headLinesMax = 15;

/** Where so many lines end; the text's length where it has no more. */
const endOfLines = (text: string, count: number): number => {
  let at = -1;
  for (let line = 0; line < count; line += 1) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text.length;
  }
  return at;
};

/** The beginning of a text that is long to read or to scroll past; any other text whole. */
export const headOf = (text: string): string => {
  if (text.length <= lengthMax && endOfLines(text, linesMax) === text.length) return text;
  return cutText(text, Math.min(headLengthMax, endOfLines(text, headLinesMax)));
};
