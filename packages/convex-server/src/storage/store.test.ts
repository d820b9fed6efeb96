import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { patchDocument } from "../transaction/writes.ts";
import type { IndexWrite } from "./documents.ts";
import { TestStore } from "./store.testing.ts";
import { Store } from "./store.ts";

describe("the store", () => {
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
  });
  afterEach(() => stored.close());

  test("timestamps grow with every commit, also when the clock stands still or a restart comes between", () => {
    stored.insert("things", { a: 1 });
    const first = stored.store.latestTimestamp;
    stored.insert("things", { a: 2 });
    const second = stored.store.latestTimestamp;
    stored.reopen();
    expect(second).toBeGreaterThan(first);
    expect(stored.store.latestTimestamp).toBeGreaterThanOrEqual(second);
  });

  test("a clock that went back does not take the timestamp with it", () => {
    const folder = `${stored.folder}/other`;
    const clock = { now: 2_000_000_000_000 };
    const before = new Store(folder, () => clock.now);
    const timestamp = before.latestTimestamp;
    before.begin();
    before.commit([{ index: "t.i", key: new Uint8Array() }], before.nextTimestamp());
    before.close();
    clock.now -= 1_000_000_000;
    const after = new Store(folder, () => clock.now);
    expect(after.latestTimestamp).toBeGreaterThanOrEqual(timestamp);
    after.close();
  });

  test("creation times never repeat", () => {
    const times = Array.from({ length: 1000 }, () => stored.store.nextCreationTime());
    expect(new Set(times).size).toBe(1000);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  test("nobody else sees a transaction before its commit", () => {
    const [id] = stored.insert("things", { a: 1 });
    stored.write((transaction) => {
      patchDocument(transaction, id ?? "", "things", { a: 2 });
      expect(stored.query().get("things", id ?? "")).toMatchObject({ a: 1 });
      expect(transaction.get("things", id ?? "")).toMatchObject({ a: 2 });
    });
    expect(stored.query().get("things", id ?? "")).toMatchObject({ a: 2 });
  });

  test("a table that a rolled back transaction created does not exist", () => {
    expect(() =>
      stored.write((transaction) => {
        transaction.store.catalog.ensureTable("ghost");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(stored.store.catalog.table("ghost")).toBeUndefined();
    stored.insert("real", { a: 1 });
    expect(stored.store.catalog.table("real")?.number).toBe(10_001);
  });

  test("a part that is undone takes its documents and tables with it, and only them", () => {
    stored.write((transaction) => {
      transaction.store.catalog.ensureTable("outer");
      const part = stored.store.savepoint();
      transaction.store.catalog.ensureTable("inner");
      stored.store.rollbackTo(part);
    });
    expect([...stored.store.catalog.tables()].map(({ name }) => name)).toEqual(["outer"]);
  });

  test("listeners hear of each commit with all index entries that it touched", () => {
    const heard: IndexWrite[][] = [];
    stored.createTable("things", ["a"]);
    stored.store.onCommit((writes) => heard.push([...writes]));
    stored.insert("things", { a: 1 });
    expect(heard.map((writes) => writes.map(({ index }) => index).sort())).toEqual([
      ["things.by_creation_time", "things.by_fields", "things.by_id"],
    ]);
  });

  test("a folder that a server uses is refused to another", () => {
    expect(() => new Store(stored.folder)).toThrow(/Another server uses/);
  });

  test("a stored request is found until it is pruned", () => {
    const key = { sessionId: "s", requestId: 1 };
    const result = { value: '"done"', timestamp: 5n };
    stored.write(() => stored.store.requests.save(key, result, 1000));
    expect(stored.store.requests.find(key)).toEqual(result);
    expect(stored.store.requests.find({ ...key, requestId: 2 })).toBeNull();
    stored.write(() => stored.store.requests.prune(1001));
    expect(stored.store.requests.find(key)).toBeNull();
  });
});
