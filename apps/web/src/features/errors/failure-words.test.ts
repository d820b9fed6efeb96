import { expect, test } from "vitest";
import { failureWords } from "./failure-words.ts";
import { WireFailure } from "./wire-failure.ts";

const wordsOf = failureWords({
  saidByServer: new Set(["Conflict"]),
  own: { RateLimited: "Later." },
  other: "Something is wrong.",
  reference: (reference) => `Reference ${reference}.`,
});

test("the server's sentence is read where it is written for people, and our own where it isn't", () => {
  expect(wordsOf(new WireFailure("Conflict", "Somebody was faster."))).toBe("Somebody was faster.");
  expect(wordsOf(new WireFailure("RateLimited", "429 at edge-7"))).toBe("Later.");
});

test("a failure that nobody foresaw carries a reference, and never the server's words", () => {
  expect(wordsOf(new WireFailure("Internal", "stack", "0123456789abcdef"))).toBe(
    "Something is wrong. Reference 01234567.",
  );
  expect(wordsOf(new WireFailure("Conflict", ""))).toBe("Something is wrong.");
});
