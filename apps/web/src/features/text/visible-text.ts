/** Characters that reorder or hide their neighbours, so that a name is not what it seems, and control characters. */
const deceptive = /[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u061C\uFEFF]|(?![\t\n\r])\p{Cc}/gu;

/** Shows such characters by their number instead of obeying them. For paths, commands, diffs and names. */
export const visibleText = (text: string): string =>
  text.replace(deceptive, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟦U+${code.toString(16).toUpperCase().padStart(4, "0")}⟧`;
  });

const escapeSequence = new RegExp(
  [
    "\u001B\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)", // operating system commands: titles, links
    "\u001B[PX^_][^\u001B]*\u001B\\\\", // device control and its kin
    "\u001B\\[[0-?]*[ -/]*[@-~]", // colours, cursor moves
    "\u001B[ -/]*[0-~]", // the short ones
  ].join("|"),
  "g",
);

/** What a terminal would leave on the screen of a program's output: no escape sequences, carriage returns obeyed. */
export const terminalText = (output: string): string =>
  visibleText(
    output
      .replace(escapeSequence, "")
      .replaceAll("\r\n", "\n")
      .split("\n")
      .map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1).replace(/\r$/, ""))
      .join("\n"),
  );
