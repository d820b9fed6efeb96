import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applySchema } from "../storage/migration.ts";
import { parseSchema, type Schema } from "../storage/schema.ts";
import { TestStore } from "../storage/store.testing.ts";
import { readDocument } from "../storage/stored-document.ts";
import { CursorCodec } from "./cursor.ts";
import { readPage } from "./pagination.ts";
import { planQuery, type SerializedQuery } from "./query-plan.ts";
import { QueryStream } from "./query-stream.ts";
import type { SearchFilter } from "./search-plan.ts";
import type { Transaction } from "./transaction.ts";
import { deleteDocument, patchDocument } from "./writes.ts";

const schemaOf = (tables: Parameters<typeof defineSchema>[0]): Schema =>
  // biome-ignore lint/suspicious/noExplicitAny: the client library keeps `export` out of its types
  parseSchema((defineSchema(tables) as any).export());

const notes = () => defineTable({ body: v.string(), owner: v.optional(v.string()) });
const plain = schemaOf({ notes: notes() });
const searched = schemaOf({
  notes: notes().searchIndex("by_body", { searchField: "body", filterFields: ["owner"] }),
});

const asked = (text: string, owner?: string, rest: SearchFilter[] = []): SerializedQuery => ({
  source: {
    type: "Search",
    indexName: "notes.by_body",
    filters: [
      { type: "Search", fieldPath: "body", value: text },
      ...(owner === undefined ? [] : [{ type: "Eq" as const, fieldPath: "owner", value: owner }]),
      ...rest,
    ],
  },
  operators: [],
});

describe("a text search", () => {
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore(searched);
    stored.write(() => applySchema(stored.store, searched));
  });
  afterEach(() => stored.close());

  const bodies = (query: SerializedQuery, transaction: Transaction = stored.query()): unknown[] => {
    const stream = new QueryStream(transaction, planQuery(transaction, query));
    const found: unknown[] = [];
    for (;;) {
      const { documents, isDone } = stream.next(2);
      found.push(...documents.map((text) => readDocument(text).body));
      if (isDone) return found;
    }
  };
  const add = (...texts: string[]) => stored.insert("notes", ...texts.map((body) => ({ body, owner: "ada" })));

  test("finds any of the words, whatever their case and the punctuation between them; the last may be begun", () => {
    add("The Rabbit, run!", "send a request", "nothing of the kind", "Überraschung für Ärzte");
    expect(bodies(asked("rabbit"))).toEqual(["The Rabbit, run!"]);
    expect(bodies(asked("r"))).toHaveLength(2);
    expect(bodies(asked("REQ"))).toEqual(["send a request"]);
    expect(bodies(asked("rab request"))).toEqual(["send a request"]);
    expect(bodies(asked("überr"))).toEqual(["Überraschung für Ärzte"]);
    expect(bodies(asked("equest"))).toEqual([]);
  });

  test.each(["", " \n", "…!?", '" OR *', "terms:a", "NEAR(", "\u0000", "'); DROP TABLE x"])(
    "takes %j as words and nothing else",
    (text) => {
      add("zebra");
      expect(bodies(asked(text))).toEqual([]);
    },
  );

  test("puts the best match first, and of those alike the newest", () => {
    add("apple pear plum cherry quince", "apple apple", "apple banana", "banana apple");
    expect(bodies(asked("apple"))).toEqual([
      "apple apple",
      "banana apple",
      "apple banana",
      "apple pear plum cherry quince",
    ]);
  });

  test("finds only what has the demanded values, also where the field is missing", () => {
    stored.insert("notes", { body: "plan", owner: "ada" }, { body: "plan two", owner: "max" }, { body: "plan three" });
    expect(bodies(asked("plan", "ada"))).toEqual(["plan"]);
    const ownerless: SearchFilter = { type: "Eq", fieldPath: "owner", value: { $undefined: null } };
    expect(bodies(asked("plan", undefined, [ownerless]))).toEqual(["plan three"]);
  });

  test("sees the writes of its own transaction, and none that were undone", () => {
    const [first = "", second = ""] = add("alpha", "alpha too");
    const undone = () =>
      stored.write((transaction) => {
        patchDocument(transaction, first, "notes", { body: "beta" });
        deleteDocument(transaction, second, "notes");
        expect([bodies(asked("alpha"), transaction), bodies(asked("beta"), transaction)]).toEqual([[], ["beta"]]);
        throw new Error("undone");
      });
    expect(undone).toThrow("undone");
    expect(bodies(asked("alpha"))).toHaveLength(2);
    stored.write((transaction) => deleteDocument(transaction, second, "notes"));
    expect(bodies(asked("alpha"))).toEqual(["alpha"]);
  });

  test("is stale after a change among what it may find, and not after another", () => {
    const search = stored.query();
    bodies(asked("plan", "ada"), search);
    const touches = (body: string, owner: string) =>
      stored.write((transaction) => {
        transaction.writes.push(...insertOf(transaction, body, owner));
        return search.reads.isTouchedBy(transaction.writes);
      });
    expect([touches("plan", "max"), touches("plan", "ada")]).toEqual([false, true]);
  });

  test("is read page by page to the end", () => {
    add(...Array.from({ length: 25 }, (_, at) => `word ${"filler ".repeat(at % 5)}`));
    const cursors = new CursorCodec(new Uint8Array(32));
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const transaction = stored.query();
      const page = readPage(transaction, cursors, { query: asked("word"), cursor, endCursor: null, pageSize: 4 });
      seen.push(...page.documents.map((text) => readDocument(text)._id));
      cursor = page.continueCursor;
      if (page.isDone) break;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });

  test("reads 1,024 results and refuses the next", () => {
    add(...Array.from({ length: 1025 }, () => "same"));
    expect(() => bodies(asked("same"))).toThrow(/at most 1024 results/);
    expect(bodies({ ...asked("same"), operators: [{ limit: 1024 }] })).toHaveLength(1024);
  });

  test("refuses fields that its index does not have, two searches and nine filters", () => {
    const eq: SearchFilter = { type: "Eq", fieldPath: "owner", value: "x" };
    const other: SearchFilter = { type: "Eq", fieldPath: "body", value: "x" };
    const twice: SearchFilter = { type: "Search", fieldPath: "body", value: "x" };
    expect(() => bodies(asked("x", "y", [other]))).toThrow(/does not filter by "body"/);
    expect(() => bodies(asked("x", "y", [twice]))).toThrow(/exactly one search/);
    expect(() =>
      bodies(
        asked(
          "x",
          undefined,
          Array.from({ length: 9 }, () => eq),
        ),
      ),
    ).toThrow(/9 filters/);
  });

  test("finds what was there before its index, and its index goes with the schema that declared it", () => {
    stored.write(() => applySchema(stored.store, plain));
    expect(() => bodies(asked("old"))).toThrow(/not found/);
    add("old text");
    // As a server that knew no search indexes left it.
    stored.store.connection.exec("DROP TABLE search_indexes; PRAGMA user_version = 1");
    stored.reopen();
    stored.write(() => applySchema(stored.store, searched));
    expect(bodies(asked("old"))).toEqual(["old text"]);
    stored.reopen();
    expect(bodies(asked("old"))).toEqual(["old text"]);
  });
});

const insertOf = (transaction: Transaction, body: string, owner: string) =>
  transaction.documents.insert("notes", { _id: `${owner}${body}`, _creationTime: 1, body, owner });
