import { describe, expect, test } from "vitest";
import { ReadSet } from "../transaction/read-set.ts";
import { CommitLog } from "./commit-log.ts";

const writeOf = (index: string, byte: number) => [{ index, key: Uint8Array.of(byte) }];
const readsOf = (index: string, byte: number): ReadSet => {
  const reads = new ReadSet();
  reads.add(index, { from: Uint8Array.of(byte), to: Uint8Array.of(byte + 1) });
  return reads;
};

describe("the log of commits", () => {
  test("tells the first commit behind a state that changed what was read there, and of no other", () => {
    const log = new CommitLog();
    log.enter(10n);
    log.add(writeOf("t.i", 1), 11n);
    log.add(writeOf("t.i", 2), 12n);
    log.add(writeOf("t.i", 1), 13n);
    expect(log.firstTouching(readsOf("t.i", 1), 10n)).toBe(11n);
    expect(log.firstTouching(readsOf("t.i", 1), 11n)).toBe(13n);
    expect(log.firstTouching(readsOf("t.i", 1), 13n)).toBeNull();
    expect(log.firstTouching(readsOf("t.other", 1), 10n)).toBeNull();
    expect(log.firstTouching(readsOf("t.i", 7), 10n)).toBeNull();
  });

  test("keeps nothing that no reader can ask for", () => {
    const log = new CommitLog();
    log.add(writeOf("t.i", 1), 1n);
    expect(log.length).toBe(0);
    const early = log.enter(1n);
    log.add(writeOf("t.i", 1), 2n);
    const late = log.enter(2n);
    log.add(writeOf("t.i", 1), 3n);
    log.leave(early);
    expect(log.length).toBe(1);
    log.leave(late);
    expect(log.length).toBe(0);
  });
});
