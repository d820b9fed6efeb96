import { expect, test } from "vitest";
import { programKey } from "./program-key.ts";

test("a program is named alike wherever that is worked out, and another one otherwise", () => {
  const texts = ["", "async () => 1", "async () => 2", "1 >= () cnysa", "async () => 11"];
  expect(new Set(texts.map(programKey)).size).toBe(texts.length);
  expect(programKey("async () => 1")).toBe(programKey("async () => 1"));
});
