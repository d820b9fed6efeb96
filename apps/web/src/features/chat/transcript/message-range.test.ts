import { expect, test } from "vitest";
import { drawnIndexes } from "./message-range.ts";

const range = { startIndex: 40, endIndex: 42, overscan: 2, count: 100 };

test("what is looked at is drawn with its neighbours, the newest messages and those in use, each once and in order", () => {
  expect(drawnIndexes(range, { newest: 2, indexes: [7, 41, 99] })).toEqual([7, 38, 39, 40, 41, 42, 43, 44, 98, 99]);
});

test("a message that is gone is not drawn for having been in use", () => {
  expect(drawnIndexes({ ...range, startIndex: 0, endIndex: 1, count: 3 }, { newest: 1, indexes: [-1, 3] })).toEqual([
    0, 1, 2,
  ]);
});
