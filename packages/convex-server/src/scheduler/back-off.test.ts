import { expect, test } from "vitest";
import { BackOff } from "./back-off.ts";

test("a job is put off for longer each time, and in the end no more", () => {
  const backOff = new BackOff();
  const waits: number[] = [];
  while (backOff.defer("job", 1_000)) waits.push(backOff.until("job", 1_000) - 1_000);
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  expect(backOff.until("job", 1_000)).toBe(0);
});

test("jobs are put off one by one, and what ran is as if it had never failed", () => {
  const backOff = new BackOff();
  backOff.defer("one", 0);
  expect(backOff.until("other", 0)).toBe(0);
  backOff.forget("one");
  expect(backOff.until("one", 0)).toBe(0);
});

test("what ends by itself is waited for without end, at most a minute at a time", () => {
  const backOff = new BackOff();
  const waits = Array.from({ length: 12 }, () => {
    backOff.wait("job", 1_000);
    return backOff.until("job", 1_000) - 1_000;
  });
  expect(waits.slice(0, 3)).toEqual([250, 500, 1_000]);
  expect(waits.slice(-2)).toEqual([60_000, 60_000]);
});

test("a clock that is set back keeps no job waiting for what it was set back by", () => {
  const backOff = new BackOff();
  backOff.wait("job", 3_600_000);
  expect(backOff.until("job", 3_600_000)).toBe(3_600_250);
  expect(backOff.until("job", 0)).toBe(0);
});
