import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chosenTitle, derivedTitle, titleMatches } from "./titles.ts";

describe("a chosen title", () => {
  test("keeps letters, emoji and joiners, and loses what reorders or hides text", () => {
    expect(chosenTitle("  Plan\u202e exe\u2066.txt\u0000\tfor\n👩‍💻  ")).toBe("Plan exe.txt for 👩‍💻");
  });

  test("never holds a control, a bidirectional mark or half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (raw) => {
        const title = derivedTitle(raw);
        expect(title).not.toMatch(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        expect([...title].length).toBeLessThanOrEqual(80);
        expect(title).toBe(title.trim());
      }),
    );
  });
});

describe("a derived title", () => {
  test("is cut at 80 characters without halving one", () => {
    expect([...derivedTitle("😀".repeat(200))]).toEqual([...Array<string>(79).fill("😀"), "…"]);
  });

  test("is empty for a message that says nothing", () => {
    expect(derivedTitle("\n \u200b\r\n")).toBe("");
  });
});

test("a search matches across composed and decomposed letters", () => {
  expect(titleMatches("Cafe\u0301 menu", "café")).toBe(true);
});
