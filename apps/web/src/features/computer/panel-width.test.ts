import { expect, test } from "vitest";
import { clampWidth, widthMax, widthMin, widthUsual } from "./panel-width.ts";

test("a panel leaves room for the conversation, and always has some itself", () => {
  expect([-5, 0, 40.4, 99, 1e9].map(clampWidth)).toEqual([widthMin, widthMin, 40, widthMax, widthMax]);
});

test("what is no width is the usual one", () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY].map(clampWidth)).toEqual([widthUsual, widthUsual]);
});
