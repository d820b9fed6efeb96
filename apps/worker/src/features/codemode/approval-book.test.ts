import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ApprovalId } from "@threadbox/contracts/program-approval";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { ApprovalBook } from "./approval-book.ts";

const approvalId = "approval1" as ApprovalId;
const changeOf = (path: string, content: Uint8Array | null) => ({
  ...{ path, content, change: "modified" as const, additions: null, deletions: null, diff: null },
  ...{ bytesBefore: 1, bytesAfter: content?.byteLength ?? null, version: "v1", before: null },
});

const wishOf = (id: ApprovalId, changes: readonly ReturnType<typeof changeOf>[]) => ({
  ...{ approvalId: id, program: "async () => {}", programHash: "hash", changes, requests: [], report: "{}" },
});

test("what a person is asked about is kept to the last byte, as large as a program's changes may be, until it is over", async () => {
  const large = new Uint8Array(codemodeLimits.changedBytesMax).map((_, at) => at % 251);
  const changes = [changeOf("large.bin", large), changeOf("gone.txt", null), changeOf("empty.txt", new Uint8Array())];
  await runInDurableObject(env.PROGRAM_APPROVALS.getByName(newThreadId()), (_, { storage }) => {
    const book = new ApprovalBook(storage);
    book.add(wishOf(approvalId, changes), [], 1, 2);
    const kept = new ApprovalBook(storage).contents(approvalId);
    expect(kept.map(({ path, content }) => [path, content?.byteLength ?? null])).toEqual([
      ["large.bin", large.byteLength],
      ["gone.txt", null],
      ["empty.txt", 0],
    ]);
    expect(kept[0]?.content?.every((byte, at) => byte === large[at])).toBe(true);
    book.move(approvalId, ["pending"], { state: "denied", words: null }, 3);
    expect(storage.sql.exec("select count(*) as count from pieces").one().count).toBe(0);
  });
});

test("what can be undone is kept of what waits and of the newest that were done, and of nothing else", async () => {
  const before = new Uint8Array(3 * 1024 * 1024).fill(7);
  const undoable = [
    { path: "a", made: "hash", before },
    { path: "b", made: null, before: null },
  ];
  const nameOf = (at: number) => `approval-${at}` as ApprovalId;
  await runInDurableObject(env.PROGRAM_APPROVALS.getByName(newThreadId()), (_, { storage }) => {
    const book = new ApprovalBook(storage);
    for (let at = 0; at < codemodeLimits.undoableMax + 3; at += 1) {
      book.add(wishOf(nameOf(at), []), at < 3 ? undoable : undoable.slice(1), 1, 2);
      const state = at === 1 ? "denied" : "applied";
      if (at !== 0) book.move(nameOf(at), ["pending"], { state, words: null }, at);
    }
    const kept = Array.from({ length: codemodeLimits.undoableMax + 3 }, (_each, at) => at).filter((at) =>
      book.undos.has(nameOf(at)),
    );
    // The first waits, the second was denied, and of those that were done the oldest is too old.
    expect(kept).toEqual([0, ...Array.from({ length: codemodeLimits.undoableMax }, (_each, at) => at + 3)]);
    expect(new ApprovalBook(storage).undos.changes(nameOf(0))).toEqual(undoable);
    expect(storage.sql.exec("select count(*) as count from undo_pieces").one().count).toBe(3);
  });
});
