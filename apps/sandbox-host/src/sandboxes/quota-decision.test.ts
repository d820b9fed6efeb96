import { expect, test } from "vitest";
import { type Count, findExcess, isCountDue, type Room } from "./quota-decision.ts";

const mib = 1024 * 1024;
const limits = { mib: 100, files: 1_000 };
const workspace = (bytes: number, files: number) => ({ folder: "workspace", bytes, files });
const free: Room = { bytes: 1e12, files: 1e9 };
const count = (over: Partial<Count> = {}): Count => ({
  folders: [workspace(60 * mib, 200)],
  free,
  at: 0,
  tookMs: 10,
  ...over,
});

test("what was never counted is due", () => {
  expect(isCountDue(undefined, free, limits, 0)).toBe(true);
});

test("a machine that loses little keeps nobody counting", () => {
  expect(isCountDue(count(), free, limits, 4_999)).toBe(false);
  expect(isCountDue(count(), { bytes: free.bytes - 20 * mib + 1, files: free.files - 399 }, limits, 1)).toBe(false);
});

test("a machine that lost half of what was missing to a limit is reason to count", () => {
  expect(isCountDue(count(), { ...free, bytes: free.bytes - 20 * mib }, limits, 1)).toBe(true);
  expect(isCountDue(count(), { ...free, files: free.files - 400 }, limits, 1)).toBe(true);
});

test("growth that others' removals hide is found by time, which is longer where counting takes long", () => {
  expect(isCountDue(count(), { bytes: 2e12, files: 2e9 }, limits, 5_000)).toBe(true);
  expect(isCountDue(count({ tookMs: 1_000 }), free, limits, 49_999)).toBe(false);
  expect(isCountDue(count({ tookMs: 1_000 }), free, limits, 50_000)).toBe(true);
});

test("a sandbox with nothing to count is not counted when the machine loses room", () => {
  expect(isCountDue(count({ folders: [] }), { bytes: 0, files: 0 }, limits, 1)).toBe(false);
});

test("a folder within its limit is left alone, to the last byte and file", () => {
  const folders = [workspace(100 * mib, 1_000)];
  expect(findExcess(folders, folders, limits)).toBeUndefined();
});

test("a folder past its limit is named with the limit", () => {
  const first = [workspace(0, 0)];
  expect(findExcess(first, [workspace(100 * mib + 1, 0)], limits)).toBe("The workspace is full (100 MB).");
  expect(findExcess(first, [workspace(0, 1_001)], limits)).toBe("The workspace holds too many files (1000).");
});

test("a sandbox that starts too full may run to be cleaned up, but not grow", () => {
  const first = [workspace(300 * mib, 5_000)];
  expect(findExcess(first, [workspace(360 * mib, 5_900)], limits)).toBeUndefined();
  expect(findExcess(first, [workspace(365 * mib, 5_000)], limits)).toBe("The workspace is full (100 MB).");
  expect(findExcess(first, [workspace(0, 6_001)], limits)).toBe("The workspace holds too many files (1000).");
});
