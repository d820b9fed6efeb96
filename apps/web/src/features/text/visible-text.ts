/** Characters that reorder or hide their neighbours, so that a name is not what it seems, and control characters. */
const deceptive = /[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u061C\uFEFF]|(?![\t\n\r])\p{Cc}/gu;

/** Shows such characters by their number instead of obeying them. For paths, commands, diffs and names. */
export const visibleText = (text: string): string =>
  text.replace(deceptive, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟦U+${code.toString(16).toUpperCase().padStart(4, "0")}⟧`;
  });
