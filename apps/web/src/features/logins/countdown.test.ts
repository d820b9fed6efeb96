import { expect, test } from "vitest";
import { clockAhead, leftAnnouncement, leftMs, leftShare, leftText } from "./countdown.ts";

test("the countdown goes by the server's clock, whatever this device's says", () => {
  const skewed = 5_000_000;
  const ahead = clockAhead(1_000_000, skewed);
  expect(leftMs(1_900_000, skewed, ahead)).toBe(900_000);
  expect(leftMs(1_900_000, skewed + 60_000, ahead)).toBe(840_000);
  expect(leftMs(1_900_000, skewed + 1_000_000, ahead)).toBe(0);
});

test("what is left is told in minutes and seconds, and a started second counts", () => {
  expect([900_000, 871_500, 9_000, 1, 0].map(leftText)).toEqual(["15:00", "14:32", "0:09", "0:01", "0:00"]);
});

test("a screen reader hears of it twice", () => {
  const heard = [900_000, 300_000, 200_000, 60_000, 1_000, 0].map(leftAnnouncement);
  expect(new Set(heard).size).toBe(3);
  expect(heard.at(-1)).toBe("");
});

test("the circle is never fuller than the code's whole life, and a life of nothing is over", () => {
  expect([900_000, 450_000, 0, 2_000_000].map((ms) => leftShare(ms, 900_000))).toEqual([1, 0.5, 0, 1]);
  expect(leftShare(5, 0)).toBe(0);
});
