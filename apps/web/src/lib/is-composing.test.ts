import { expect, test } from "vitest";
import { isComposing } from "./is-composing.ts";

test("Enter that only confirms what an input method offers is told from Enter that sends", () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  // Safari ends the composition before it reports the key.
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});
