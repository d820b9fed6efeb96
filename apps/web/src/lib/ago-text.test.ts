import { expect, test } from "vitest";
import { agoText } from "./ago-text.ts";

test("a time past is told in its largest unit, and the present and a clock that runs behind are just now", () => {
  const told = [-5_000, 1_999, 2_000, 59_999, 60_000, 3_600_000, 90_000_000, 8_640_000_000].map(agoText);
  expect(told).toEqual([
    "just now",
    "just now",
    "2 seconds ago",
    "59 seconds ago",
    "1 minute ago",
    "1 hour ago",
    "1 day ago",
    "100 days ago",
  ]);
});
