import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileLinks } from "../files/file-links.ts";
import { noSchema } from "../storage/schema.ts";
import { TestStore } from "../storage/store.testing.ts";
import { CursorCodec } from "../transaction/cursor.ts";
import { Transaction } from "../transaction/transaction.ts";
import { internalContext } from "./caller.ts";
import { Registry } from "./registry.ts";
import { TransactionFrame } from "./transaction-frame.ts";

describe("the services of a transaction", () => {
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
  });
  afterEach(() => stored.close());

  const frameOf = (kind: "query" | "mutation"): TransactionFrame => {
    const analyzed = { path: "m:f", kind, isPublic: true, args: { type: "any" as const }, returns: null };
    const registry = new Registry([analyzed]);
    return new TransactionFrame({
      transaction:
        kind === "query"
          ? new Transaction(kind, stored.store, noSchema)
          : new Transaction(kind, stored.store, noSchema),
      deployment: { registry },
      entry: registry.find("m:f", "function"),
      context: internalContext(),
      cursors: new CursorCodec(randomBytes(32)),
      files: {
        links: new FileLinks({ key: randomBytes(32), origin: "http://convex.test" }),
        noteRemoved: () => undefined,
      },
      runNested: async () => "null",
      journal: null,
      depth: 0,
      beganAt: Date.now(),
      now: Date.now,
    });
  };

  const insert = '{"table":"things","value":{}}';

  test("end with it: what is left of its functions cannot write into the next one", async () => {
    const frame = frameOf("mutation");
    frame.options.transaction.isEnded = true;
    stored.store.begin();
    await expect(frame.onSyscall("1.0/insert", insert)).rejects.toThrow(/has ended/);
    stored.store.rollback();
  });

  test("do not let a query write, schedule or cancel", async () => {
    const { onSyscall } = frameOf("query");
    await expect(onSyscall("1.0/insert", insert)).rejects.toThrow(/cannot write/);
    await expect(onSyscall("1.0/schedule", '{"name":"m:f","ts":0,"args":{}}')).rejects.toThrow(
      /only be used in mutations/,
    );
    await expect(onSyscall("1.0/cancel_job", '{"id":"x"}')).rejects.toThrow(/only be used in mutations/);
    await expect(onSyscall("1.0/storageGenerateUploadUrl", "{}")).rejects.toThrow(/cannot change stored files/);
    await expect(onSyscall("1.0/storageDelete", '{"storageId":"x"}')).rejects.toThrow(/cannot change stored files/);
  });

  test("allow one page", async () => {
    const { onSyscall } = frameOf("query");
    const page = JSON.stringify({
      query: { source: { type: "FullTableScan", tableName: "things", order: null }, operators: [] },
      cursor: null,
      endCursor: null,
      pageSize: 1,
    });
    expect(JSON.parse(await onSyscall("1.0/queryPage", page))).toMatchObject({ page: [], isDone: true });
    await expect(onSyscall("1.0/queryPage", page)).rejects.toThrow(/single paginated query/);
  });

  test.each([
    ["1.0/storageStore", "storage.store outside actions is not supported by the embedded server."],
    ["1.0/actions/vectorSearch", "vectorSearch outside actions is not supported by the embedded server."],
    ["1.0/somethingNew", "The system call 1.0/somethingNew is not supported by the embedded server."],
  ])("answer %s with plain words", async (op, message) => {
    await expect(frameOf("mutation").onSyscall(op, "{}")).rejects.toThrow(message);
  });
});
