const terminated = "(?:\u0007|\u001B\\\\|\u009C)";
const piece = new RegExp(
  [
    `\u001B\\][^\u0007\u001B\u009C]*${terminated}`, // operating system commands: titles, links
    `\u001B[PX^_][^\u001B\u009C]*${terminated}`, // device control and its kin
    "\u001B\\[([0-?]*)[ -/]*([@-~])", // colours, moves of the cursor
    "\u001B(?:\\[[0-?]*[ -/]*|[\\]PX^_][^\u0007\u001B\n]{0,256})?$", // one that was cut off
    "\u001B[ -/]*[0-~]", // the short ones
    "[\r\n\b]",
    "[^\u001B\r\n\b]+",
    "\u001B",
  ].join("|"),
  "g",
);
const invisibleControls = /(?![\t\n])\p{Cc}/gu;

/** No terminal is wider. */
const columnMax = 10_000;

/** Lines, and the place where the next character goes. */
class Screen {
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  get #line(): string[] {
    this.#lines[this.#row] ??= [];
    return this.#lines[this.#row] ?? [];
  }

  write(text: string): void {
    const line = this.#line;
    for (const character of text) {
      while (line.length < this.#column) line.push(" ");
      line[this.#column] = character;
      this.#column += 1;
    }
  }

  newLine(): void {
    this.#row += 1;
    this.#column = 0;
    void this.#line;
  }

  toColumn(column: number): void {
    this.#column = Math.max(0, Math.min(column, Math.max(columnMax, this.#column)));
  }

  /** Never above the first line or below the last. */
  toRow(row: number): void {
    this.#row = Math.max(0, Math.min(row, this.#lines.length - 1));
  }

  eraseLine(how: number): void {
    const line = this.#line;
    if (how === 1) line.fill(" ", 0, this.#column + 1);
    else line.length = how === 2 ? 0 : Math.min(line.length, this.#column);
  }

  control(name: string, first: number): void {
    const count = Math.max(1, first);
    if (name === "A" || name === "F") this.toRow(this.#row - count);
    else if (name === "B" || name === "E") this.toRow(this.#row + count);
    else if (name === "C") this.toColumn(this.#column + count);
    else if (name === "D") this.toColumn(this.#column - count);
    else if (name === "G") this.toColumn(count - 1);
    else if (name === "K") this.eraseLine(first);
    else if (name === "J" && first === 0) {
      this.eraseLine(0);
      this.#lines.length = this.#row + 1;
    } else if (name === "J" || name === "H" || name === "f") {
      // How tall the program takes its screen to be is not known; what it clears is kept above what it writes next.
      this.toRow(this.#lines.length - 1);
      if (this.#line.length > 0) this.newLine();
    }
    if (name === "E" || name === "F") this.#column = 0;
  }

  backspace(): void {
    this.toColumn(this.#column - 1);
  }

  text(): string {
    return this.#lines.map((line) => line.join("")).join("\n");
  }
}

/**
 * What a terminal would leave on its screen of a program's output: colours, titles and links gone, carriage returns,
 * backspaces and moves of the cursor obeyed. Invisible characters that belong to the text stay, for whoever copies it.
 */
export const terminalText = (output: string): string => {
  const text = output.replaceAll("\r\n", "\n");
  if (!["\u001B", "\r", "\b"].some((control) => text.includes(control))) return text.replace(invisibleControls, "");
  const screen = new Screen();
  for (const [whole, parameters = "", name] of text.matchAll(piece)) {
    if (name !== undefined) screen.control(name, Number(/^\d*/.exec(parameters)?.[0]));
    else if (whole === "\n") screen.newLine();
    else if (whole === "\r") screen.toColumn(0);
    else if (whole === "\b") screen.backspace();
    else if (!whole.startsWith("\u001B")) screen.write(whole.replace(invisibleControls, ""));
  }
  return screen.text();
};

/** As a terminal shows it: marks of direction and width have no form of their own, and reorder nothing. */
export const withoutMarks = (text: string): string =>
  text.replace(/[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u061C\uFEFF]/g, "");

const sampleLength = 8_192;
const oddCharacter = /(?![\t\n\v\f\r\b])[\p{Cc}\uFFFD]/gu;

/** Bytes that no text has: what a program printed is a picture, an archive or the like. */
export const isBinary = (output: string): boolean => {
  const sample = output.slice(0, sampleLength).replaceAll("\u001B", "").replaceAll("\u0007", "");
  if (sample.includes("\u0000")) return true;
  const odd = sample.match(oddCharacter)?.length ?? 0;
  return odd > 4 && odd > sample.length / 10;
};
