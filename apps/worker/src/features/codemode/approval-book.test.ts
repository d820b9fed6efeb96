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
  ...{ bytesBefore: 1, bytesAfter: content?.byteLength ?? null, version: "v1" },
});

test("what a person is asked about is kept to the last byte, as large as a program's changes may be, until it is over", async () => {
  const large = new Uint8Array(codemodeLimits.changedBytesMax).map((_, at) => at % 251);
  const changes = [changeOf("large.bin", large), changeOf("gone.txt", null), changeOf("empty.txt", new Uint8Array())];
  await runInDurableObject(env.PROGRAM_APPROVALS.getByName(newThreadId()), (_, { storage }) => {
    const book = new ApprovalBook(storage);
    book.add({ approvalId, program: "async () => {}", programHash: "hash", changes, requests: [], report: "{}" }, 1, 2);
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
