import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../faults.ts";
import { TestStore } from "../storage/store.testing.ts";
import { CursorCodec } from "./cursor.ts";
import { type Page, readPage } from "./pagination.ts";
import type { SerializedQuery } from "./query-plan.ts";
import { deleteDocument } from "./writes.ts";

type Order = "asc" | "desc";

const query = (order: Order, operators: SerializedQuery["operators"] = []): SerializedQuery => ({
  source: { type: "IndexRange", indexName: "things.by_fields", range: [], order },
  operators,
});

const numbersOf = ({ documents }: Page): number[] => documents.map((text) => JSON.parse(text).n);

describe("pages", () => {
  const cursors = new CursorCodec(randomBytes(32));
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
    stored.createTable("things", ["n"]);
  });
  afterEach(() => stored.close());

  const read = (
    asked: SerializedQuery,
    cursor: string | null,
    rest: Partial<Parameters<typeof readPage>[2]> = {},
  ): Page => readPage(stored.query(), cursors, { query: asked, cursor, endCursor: null, pageSize: 2, ...rest });

  const readAll = (asked: SerializedQuery, pageSize: number): Page[] => {
    const pages: Page[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page = read(asked, cursor, { pageSize });
      pages.push(page);
      if (page.isDone) return pages;
      cursor = page.continueCursor;
    }
  };

  const count = (to: number): number[] => Array.from({ length: to }, (_, n) => n);

  test("put together are the whole result, for any size, order and filter", () => {
    stored.insert("things", ...count(40).map((n) => ({ n })));
    const even: SerializedQuery["operators"] = [
      { filter: { $eq: [{ $mod: [{ $field: "n" }, { $literal: 2 }] }, { $literal: 0 }] } },
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 45 }),
        fc.constantFrom<Order>("asc", "desc"),
        fc.boolean(),
        (size, order, isFiltered) => {
          const all = count(40).filter((n) => !isFiltered || n % 2 === 0);
          const pages = readAll(query(order, isFiltered ? even : []), size);
          expect(pages.flatMap(numbersOf)).toEqual(order === "asc" ? all : all.reverse());
          expect(pages.every((page) => page.documents.length <= size)).toBe(true);
        },
      ),
    );
  });

  test("between two cursors stay gapless when documents come and go", () => {
    const ids = stored.insert("things", ...[10, 20, 30, 40].map((n) => ({ n })));
    const first = read(query("asc"), null);
    stored.insert("things", { n: 15 }, { n: 5 });
    stored.write((transaction) => deleteDocument(transaction, ids[1] ?? "", "things"));
    const again = read(query("asc"), null, { endCursor: first.continueCursor });
    const second = read(query("asc"), first.continueCursor);
    expect(numbersOf(again)).toEqual([5, 10, 15]);
    expect(numbersOf(second)).toEqual([30, 40]);
    expect(again.continueCursor).toBe(first.continueCursor);
  });

  test("that reached the end stay open at the end", () => {
    stored.insert("things", { n: 1 });
    const page = read(query("asc"), null);
    expect(page.isDone).toBe(true);
    stored.insert("things", { n: 2 }, { n: 3 }, { n: 4 });
    const again = read(query("asc"), null, { endCursor: page.continueCursor });
    expect(numbersOf(again)).toEqual([1, 2, 3, 4]);
    expect(again.isDone).toBe(true);
  });

  test("can be split in two that hold the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.constantFrom<Order>("asc", "desc"), (size, order) => {
        stored.close();
        stored = new TestStore();
        stored.createTable("things", ["n"]);
        stored.insert("things", ...count(40).map((n) => ({ n })));
        const whole = read(query(order), null, { pageSize: size });
        const left = read(query(order), null, { endCursor: whole.splitCursor });
        const right = read(query(order), whole.splitCursor, { endCursor: whole.continueCursor });
        expect([...numbersOf(left), ...numbersOf(right)]).toEqual(numbersOf(whole));
        expect(left.documents.length).toBeGreaterThan(0);
        expect(right.documents.length).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  test("that hit the bound on rows ask to be split, and lose nothing", () => {
    stored.insert("things", ...count(10).map((n) => ({ n })));
    const page = read(query("asc"), null, { pageSize: 8, maximumRowsRead: 4 });
    expect(page).toMatchObject({ pageStatus: "SplitRequired", isDone: false });
    expect(numbersOf(page)).toEqual([0, 1, 2, 3]);
    expect(numbersOf(read(query("asc"), page.continueCursor, { pageSize: 8 }))).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test("of size nought lead to the first document", () => {
    stored.insert("things", { n: 1 }, { n: 2 });
    for (const order of ["asc", "desc"] as const) {
      const none = read(query(order), null, { pageSize: 0 });
      expect(none).toMatchObject({ documents: [], isDone: false });
      expect(numbersOf(read(query(order), none.continueCursor))).toHaveLength(2);
    }
  });

  test.each([
    ["another query", () => read(query("desc"), null).continueCursor],
    ["nobody", () => "nonsense"],
    ["a hand that changed it", () => `A${read(query("asc"), null).continueCursor.slice(1)}B`],
  ])("cannot begin at a cursor of %s: the client is asked to start over", (_, makeCursor) => {
    stored.insert("things", { n: 1 }, { n: 2 }, { n: 3 });
    const cursor = makeCursor();
    const fault = (() => {
      try {
        return read(query("asc"), cursor);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({
      message: expect.stringContaining("InvalidCursor"),
      data: { isConvexSystemError: true, paginationError: "InvalidCursor" },
    });
  });

  test("have equal cursors at equal places, and cursors tell nothing of the keys", () => {
    stored.insert("things", { n: 1, name: "hidden" }, { n: 2 }, { n: 3 });
    const [first, second] = [read(query("asc"), null), read(query("asc"), null)];
    expect(first.continueCursor).toBe(second.continueCursor);
    expect(Buffer.from(first.continueCursor, "base64url").length).toBeGreaterThan(28);
  });
});
