import { describe, expect, test } from "vitest";
import { terminalText, visibleText } from "./visible-text.ts";

describe("text that may deceive", () => {
  test("shows reordering and invisible characters by their number", () => {
    expect(visibleText("photo\u202Egpj.exe")).toBe("photo⟦U+202E⟧gpj.exe");
    expect(visibleText("a\u200Bb\u0000")).toBe("a⟦U+200B⟧b⟦U+0000⟧");
  });

  test("leaves letters of any language, tabs and line ends alone", () => {
    const text = "שלום\tпривет\n日本 é 👩‍💻";
    expect(visibleText(text)).toBe(text);
  });
});

describe("a program's output", () => {
  test("loses colours, titles and links, and keeps its words", () => {
    expect(terminalText("\u001B[1;31mred\u001B[0m \u001B]8;;https://evil.test\u0007link\u001B]8;;\u0007")).toBe(
      "red link",
    );
    expect(terminalText("\u001B]0;title\u001B\\ok")).toBe("ok");
  });

  test("shows the last state of a line that was written over", () => {
    expect(terminalText("10%\r50%\r100%\ndone\r\n")).toBe("100%\ndone\n");
    expect(terminalText("line\r")).toBe("line");
  });
});
