import { expect, test } from "vitest";
import { cutText, cutTextStart } from "./cut-text.ts";

test("a cut never leaves half a character", () => {
  const text = "a😀b😀";
  for (let length = 0; length <= text.length + 1; length += 1) {
    for (const part of [cutText(text, length), cutTextStart(text, length)]) {
      expect(part).not.toMatch(/\p{Cs}/u);
      expect(part.length).toBeLessThanOrEqual(length);
      expect(part.length).toBeGreaterThanOrEqual(Math.min(length, text.length) - 1);
    }
    expect(text.startsWith(cutText(text, length))).toBe(true);
    expect(text.endsWith(cutTextStart(text, length))).toBe(true);
  }
});

test("what is short enough is not touched, and what was broken before is not the cut's to mend", () => {
  expect(cutText("abc", 3)).toBe("abc");
  expect(cutTextStart("abc", 9)).toBe("abc");
  expect(cutText("\ud83d\ud83d", 1)).toBe("\ud83d");
});
