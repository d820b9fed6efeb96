import { expect, test } from "vitest";
import { tokensSaved } from "./token-estimate.ts";

test("a program that reads much and tells little saves what it has read", () => {
  const calls = Array.from({ length: 10 }, () => ({ input: 40, answer: 4_000 }));
  // Ten calls of 10 + 1,000 + 25 tokens; the program and its report of 100 + 50 + 25.
  expect(tokensSaved(calls, 400, 200)).toBe(10_350 - 175);
});

test("a program around one small call costs more than the call, and is said to", () => {
  expect(tokensSaved([{ input: 20, answer: 20 }], 400, 200)).toBe(35 - 175);
  expect(tokensSaved([], 40, 40)).toBe(-45);
});
