import { expect, test } from "vitest";
import { readProgress, readSummary } from "./restic.ts";

test("the progress of a restore is what there is of what there will be, and is not done before its end", () => {
  const total = '{"total_size":10485760,"total_file_count":3}\n';
  expect(readProgress("")).toBeUndefined();
  expect(readProgress(total)).toBeUndefined();
  expect(readProgress(`${total}done 0\n`)).toBe(0);
  expect(readProgress(`${total}done 1024\ndone 4096\n`)).toBe(40);
  expect(readProgress(`${total}done 4096\ndone 99`), "a line that has not all come").toBe(40);
  expect(readProgress(`${total}done 20480\n`)).toBe(99);
  expect(readProgress('{"total_size":0,"total_file_count":0}\ndone 4\n')).toBe(99);
});

test("a save that says nothing of a snapshot has made none", () => {
  expect(readSummary('{"message_type":"status"}\nwords')).toBeUndefined();
});
