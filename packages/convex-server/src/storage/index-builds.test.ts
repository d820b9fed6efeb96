import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Mutex } from "../functions/mutex.ts";
import { deleteDocument, patchDocument } from "../transaction/writes.ts";
import { everything } from "../values/bytes.ts";
import { buildIndexes } from "./index-builds.ts";
import { applySchema } from "./migration.ts";
import { noSchema, type Schema } from "./schema.ts";
import { TestStore } from "./store.testing.ts";
import { readDocument } from "./stored-document.ts";

const schemaOf = (fields: readonly string[]): Schema => ({
  isEnforced: false,
  tables: new Map([
    [
      "things",
      {
        indexes: [{ name: "by_rank", fields }],
        searchIndexes: [{ name: "by_word", searchField: "word", filterFields: [] }],
        vectorIndexes: [{ name: "near", vectorField: "at", dimensions: 2, filterFields: [] }],
        validator: { type: "any" },
      },
    ],
  ]),
});
const ranked = schemaOf(["rank"]);

describe("indexes that are built while others write", () => {
  let stored: TestStore;
  let writing: Mutex;
  let ids: string[];
  const thing = (rank: number) => ({ rank, word: `word${rank}`, at: [1, rank] });
  beforeEach(() => {
    stored = new TestStore();
    writing = new Mutex();
    ids = stored.insert("things", ...Array.from({ length: 700 }, (_, rank) => thing(rank)));
  });
  afterEach(() => stored.close());

  const ranks = (): unknown[] => {
    const index = stored.store.catalog.index("things", "by_rank");
    if (index === undefined) throw new Error("There is no index.");
    return stored.store.committed.scan(index, everything, "asc", 10_000).map(({ text }) => readDocument(text).rank);
  };
  const found = (): number[] => {
    const { catalog, committed } = stored.store;
    const search = catalog.searchIndex("things", "by_word");
    const near = catalog.vectorIndexesOf("things").find(({ name }) => name === "near");
    if (search === undefined || near === undefined) throw new Error("There is no index.");
    return [
      committed.search.find(search, { terms: ["word"], filters: [] }, 10_000).length,
      committed.vectors.count(near),
    ];
  };
  const apply = (schema: Schema): void => stored.write(() => applySchema(stored.store, schema));

  test("hold what was there, what was written meanwhile, and nothing that was changed or removed", async () => {
    const [first = "", second = "", third = ""] = ids;
    const last = ids.at(-1) ?? "";
    let turn = 0;
    const building = buildIndexes(stored.store, ranked, writing);
    const write = async (): Promise<void> => {
      await writing.run(() => undefined);
      turn += 1;
      await writing.run(() => stored.insert("things", thing(1_000 + turn)));
    };
    await write();
    await writing.run(() =>
      stored.write((transaction) => {
        for (const id of [first, last]) deleteDocument(transaction, id, "things");
        patchDocument(transaction, second, "things", { rank: 5_000, word: "other", at: [0, 1] });
        patchDocument(transaction, third, "things", { seen: true });
      }),
    );
    await write();
    await building;
    await write();
    expect(stored.store.catalog.index("things", "by_rank")).toBeUndefined();
    apply(ranked);
    const expected = [2, ...Array.from({ length: 696 }, (_, at) => at + 3), 1_001, 1_002, 1_003, 5_000];
    expect(ranks()).toEqual(expected);
    // All but the one whose word is another.
    expect(found()).toEqual([expected.length - 1, expected.length]);
  });

  test("are taken over without being filled again, also after a restart", async () => {
    await buildIndexes(stored.store, ranked, writing);
    stored.reopen();
    // Past every check: whoever filled them again would find it.
    stored.write(() =>
      stored.store.connection.exec(`UPDATE documents SET document = replace(document, '"rank":5,', '"rank":7,')`),
    );
    apply(ranked);
    expect(new Set(ranks()).size).toBe(699);
    expect(stored.store.connection.prepare("SELECT count(*) AS left FROM meta WHERE key LIKE 'build_%'").get()).toEqual(
      { left: 0 },
    );
  });

  test("that were begun and are not done are filled when they are taken over", async () => {
    const begun = buildIndexes(stored.store, ranked, writing);
    await writing.run(() => undefined);
    apply(ranked);
    expect(ranks()).toHaveLength(700);
    expect(found()).toEqual([700, 700]);
    await begun;
    const { connection } = stored.store;
    const orphans = "SELECT count(*) AS left FROM entries WHERE index_id NOT IN (SELECT id FROM indexes)";
    expect(connection.prepare(orphans).get()).toEqual({ left: 0 });
  });

  test("go with a schema that never came", async () => {
    await buildIndexes(stored.store, ranked, writing);
    apply(noSchema);
    const { connection } = stored.store;
    expect(connection.prepare("SELECT count(*) AS left FROM entries WHERE index_id > 6").get()).toEqual({ left: 0 });
    expect(stored.store.catalog.indexesOf("things").map(({ name }) => name)).toEqual(["by_id", "by_creation_time"]);
  });

  test("take the place of one of the same name that holds something else", async () => {
    apply(ranked);
    const other = schemaOf(["word"]);
    await buildIndexes(stored.store, other, writing);
    expect(ranks()[0]).toBe(0);
    apply(other);
    expect(ranks().slice(0, 3)).toEqual([0, 1, 10]);
  });
});
