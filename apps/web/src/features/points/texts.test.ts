import { expect, test } from "vitest";
import { changesText } from "./texts.ts";
import { byDay, whenText } from "./when.ts";

test.each([
  [{ back: 0, changed: 0, gone: 0 }, "The files are the same as then."],
  [{ back: 1, changed: 0, gone: 0 }, "1 file comes back."],
  [{ back: 0, changed: 2, gone: 1 }, "2 files change back and 1 file goes away."],
  [{ back: 3, changed: 1, gone: 1200 }, "3 files come back, 1 file changes back and 1,200 files go away."],
])("what a restore does is one sentence: %j", (counts, sentence) => {
  expect(changesText(counts)).toBe(sentence);
});

test("points stand under their days in their order, and a time of today is told without its day", () => {
  const noon = new Date(2026, 5, 3, 12).getTime();
  const dayBefore = noon - 24 * 3_600_000;
  const days = byDay([{ at: noon }, { at: noon - 1_000 }, { at: dayBefore }]);
  expect(days.map(({ things }) => things.length)).toEqual([2, 1]);
  expect(whenText(dayBefore, noon)).toContain(whenText(dayBefore, dayBefore));
  expect(whenText(dayBefore, noon)).not.toBe(whenText(dayBefore, dayBefore));
});
