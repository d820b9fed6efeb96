import { expect, test } from "vitest";
import { tokensOf } from "./tokens.ts";

test.each([
  [{ total: 15, input: 10, output: 5, reasoning: 0, cache: { read: 0, write: 0 } }, 15],
  [{ input: 10, output: 5, reasoning: 2, cache: { read: 100, write: 3 } }, 120],
  [{ input: 10 }, 10],
  [{ input: -10, output: "many", cache: 7 }, 0],
  [{ input: Number.POSITIVE_INFINITY, output: 1e300, reasoning: 0.5 }, 0],
  [undefined, 0],
  [null, 0],
  [7, 0],
])("the tokens of %j are %d", (tokens, count) => {
  expect(tokensOf(tokens)).toBe(count);
});
