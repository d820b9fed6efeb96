const quote = 0x22;
const backslash = 0x5c;
const openers = new Set([0x5b, 0x7b]);
const closers = new Set([0x5d, 0x7d]);

/** Where the string that begins at `start` ends: the place of its closing quote, or the text's length. */
const endOfString = (text: string, start: number): number => {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
};

/**
 * Whether this JSON text nests lists and objects deeper than `depthMax`. Reading such a text is cheap; whatever walks it
 * afterwards runs out of stack. Text that is no JSON gets some answer, and fails when it is parsed.
 */
export const isDeeperThan = (text: string, depthMax: number): boolean => {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (openers.has(code)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (closers.has(code)) depth -= 1;
  }
  return false;
};
