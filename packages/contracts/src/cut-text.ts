const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Whether a cut at this place would part the two halves of a character. */
const isInside = (text: string, at: number): boolean =>
  at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));

/** The start of a text, at most so many UTF-16 units, ending where a character ends. */
export const cutText = (text: string, lengthMax: number): string =>
  text.slice(0, isInside(text, lengthMax) ? lengthMax - 1 : lengthMax);

/** The end of a text, at most so many UTF-16 units, beginning where a character begins. */
export const cutTextStart = (text: string, lengthMax: number): string => {
  const at = Math.max(0, text.length - lengthMax);
  return text.slice(isInside(text, at) ? at + 1 : at);
};
