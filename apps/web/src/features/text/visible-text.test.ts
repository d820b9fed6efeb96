import { describe, expect, test } from "vitest";
import { visibleText } from "./visible-text.ts";

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
