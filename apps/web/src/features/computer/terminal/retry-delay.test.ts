import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

test("each attempt that fails is waited for longer, up to ten seconds", () => {
  const delays = Array.from({ length: 12 }, (_, failures) => retryDelayMs(failures));
  expect(delays[0]).toBe(300);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(delays.at(-1)).toBe(10_000);
});
