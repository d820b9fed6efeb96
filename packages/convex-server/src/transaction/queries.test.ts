import { compareValues, convexToJson, type JSONValue, type Value } from "convex/values";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IndexWrite } from "../storage/documents.ts";
import { TestStore } from "../storage/store.testing.ts";
import { readDocument } from "../storage/stored-document.ts";
import { anyValue } from "../values/values.testing.ts";
import type { RangeStep } from "./index-range.ts";
import { planQuery, type SerializedQuery } from "./query-plan.ts";
import { QueryStream } from "./query-stream.ts";
import type { Transaction } from "./transaction.ts";
import { deleteDocument, insertDocument, patchDocument } from "./writes.ts";

const run = (transaction: Transaction, query: SerializedQuery, batch = 7): Value[] => {
  const stream = new QueryStream(transaction, planQuery(transaction, query));
  const found: Value[] = [];
  for (;;) {
    const { documents, isDone } = stream.next(batch);
    found.push(...documents.map(readDocument));
    if (isDone) return found;
  }
};

const onIndex = (range: RangeStep[], order: "asc" | "desc" = "asc", limit?: number): SerializedQuery => ({
  source: { type: "IndexRange", indexName: "things.by_fields", range, order },
  operators: limit === undefined ? [] : [{ limit }],
});

const jsonOf = (value: Value | undefined): JSONValue =>
  value === undefined ? { $undefined: null } : convexToJson(value);

const field = fc.option(anyValue, { nil: undefined, freq: 6 });
const rows = fc.array(fc.record({ a: field, b: field }), { maxLength: 30 });

const bounds = (first: Value | undefined, second: Value | undefined, kind: number): RangeStep[] => {
  const eq: RangeStep = { type: "Eq", fieldPath: "a", value: jsonOf(first) };
  const on = (type: RangeStep["type"], fieldPath: string, value: Value | undefined): RangeStep => ({
    type,
    fieldPath,
    value: jsonOf(value),
  });
  const choices: RangeStep[][] = [
    [],
    [eq],
    [eq, on("Eq", "b", second)],
    [on("Gt", "a", first)],
    [on("Gte", "a", first), on("Lt", "a", second)],
    [eq, on("Lte", "b", second)],
    [on("Lt", "a", first)],
  ];
  return choices[kind] ?? [];
};

const passesStep = (
  row: { a: Value | undefined; b: Value | undefined },
  step: RangeStep,
  value: Value | undefined,
): boolean => {
  const order = compareValues(step.fieldPath === "a" ? row.a : row.b, value);
  const tests = { Eq: order === 0, Gt: order > 0, Gte: order >= 0, Lt: order < 0, Lte: order <= 0 };
  return tests[step.type];
};

describe("index queries", () => {
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
    stored.createTable("things", ["a", "b"]);
  });
  afterEach(() => stored.close());

  const clear = (): void => {
    stored.write((transaction) => {
      for (const document of run(transaction, onIndex([]))) {
        deleteDocument(transaction, (document as { _id: string })._id, "things");
      }
    });
  };

  test("find exactly the documents in range, in Convex's order", () => {
    fc.assert(
      fc.property(
        rows,
        field,
        field,
        fc.nat(6),
        fc.constantFrom("asc", "desc"),
        (documents, first, second, kind, order) => {
          clear();
          stored.insert("things", ...documents.map((row, at) => ({ ...jsonFields(row), at })));
          const steps = bounds(first, second, kind);
          const values =
            kind === 4 ? [first, second] : steps.map(({ fieldPath }) => (fieldPath === "a" ? first : second));
          const expected = documents
            .map((row, at) => ({ ...row, at }))
            .filter((row) => steps.every((step, index) => passesStep(row, step, values[index])))
            .sort((x, y) => compareValues(x.a, y.a) || compareValues(x.b, y.b) || x.at - y.at)
            .map(({ at }) => at);
          const found = run(stored.query(), onIndex(steps, order)).map((document) => (document as { at: number }).at);
          expect(found).toEqual(order === "asc" ? expected : expected.reverse());
        },
      ),
      { numRuns: 150 },
    );
  });

  test("whose result a write changes have read what it touched", () => {
    const small = fc.integer({ min: 0, max: 4 });
    const write = fc.record({ kind: fc.constantFrom("insert", "patch", "delete"), pick: fc.nat(), a: small, b: small });
    const query = fc.record({
      kind: fc.nat(6),
      a: small,
      b: small,
      order: fc.constantFrom("asc", "desc"),
      limit: fc.nat(4),
    });
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: small, b: small }), { maxLength: 12 }),
        write,
        query,
        (documents, change, asked) => {
          clear();
          const ids = stored.insert("things", ...documents);
          const question = onIndex(bounds(asked.a, asked.b, asked.kind), asked.order as "asc" | "desc", asked.limit);
          const reader = stored.query();
          const before = run(reader, question);
          const writes: IndexWrite[] = stored.write((transaction) => {
            const id = ids[change.pick % Math.max(ids.length, 1)];
            if (change.kind === "insert" || id === undefined)
              insertDocument(transaction, "things", { a: change.a, b: change.b });
            else if (change.kind === "delete") deleteDocument(transaction, id, "things");
            else patchDocument(transaction, id, "things", { a: change.a, b: change.b });
            return transaction.writes;
          });
          const after = run(stored.query(), question);
          if (JSON.stringify(before) !== JSON.stringify(after)) expect(reader.reads.isTouchedBy(writes)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("that stop early depend on nothing behind what they saw", () => {
    stored.insert("things", { a: 1 }, { a: 2 }, { a: 3 });
    const first = stored.query();
    run(first, onIndex([], "asc", 1));
    const touches = (a: number): boolean =>
      first.reads.isTouchedBy(
        stored.write((transaction) => {
          insertDocument(transaction, "things", { a });
          return transaction.writes;
        }),
      );
    expect(touches(5)).toBe(false);
    expect(touches(0)).toBe(true);
  });

  test("of a table that does not exist yet depend on its first document", () => {
    const query: SerializedQuery = {
      source: { type: "FullTableScan", tableName: "unborn", order: null },
      operators: [],
    };
    const reader = stored.query();
    expect(run(reader, query)).toEqual([]);
    const writes = stored.write((transaction) => {
      insertDocument(transaction, "unborn", { a: 1 });
      return transaction.writes;
    });
    expect(reader.reads.isTouchedBy(writes)).toBe(true);
  });

  test("inside a mutation see what it has written", () => {
    stored.write((transaction) => {
      const id = insertDocument(transaction, "things", { a: 1 });
      patchDocument(transaction, id, "things", { b: 2 });
      expect(run(transaction, onIndex([]))).toMatchObject([{ a: 1, b: 2 }]);
      deleteDocument(transaction, id, "things");
      expect(run(transaction, onIndex([]))).toEqual([]);
    });
  });

  test.each([1, 50, 64])("that want %d of 10,000 look at no more", (wanted) => {
    stored.insert("things", ...Array.from({ length: 10_000 }, (_, a) => ({ a, b: 0 })));
    for (const order of ["asc", "desc"] as const) {
      const transaction = stored.query();
      expect(run(transaction, onIndex([], order, wanted), 64)).toHaveLength(wanted);
      expect(transaction.usage.metrics().documentsRead.used).toBeLessThanOrEqual(wanted + 1);
    }
  });

  test("that read more than the limit are refused", () => {
    for (let part = 0; part < 5; part += 1) {
      stored.insert("things", ...Array.from({ length: 8000 }, (_, a) => ({ a })));
    }
    expect(() => run(stored.query(), onIndex([]), 1000)).toThrow(/Scanned too many documents.*32000/);
  });

  test.each([
    [[{ type: "Eq", fieldPath: "b", value: 1 }], /expects field "a" next, got "b"/],
    [
      [
        { type: "Gt", fieldPath: "a", value: 1 },
        { type: "Gt", fieldPath: "a", value: 2 },
      ],
      /only its opposite/,
    ],
    [
      [
        { type: "Gt", fieldPath: "a", value: 1 },
        { type: "Lt", fieldPath: "b", value: 2 },
      ],
      /bound on field "a", got "b"/,
    ],
  ] as [RangeStep[], RegExp][])("with the range %j are refused", (range, message) => {
    expect(() => run(stored.query(), onIndex(range))).toThrow(message);
  });
});

const jsonFields = (row: Record<string, Value | undefined>): Record<string, JSONValue> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value === undefined ? [] : [[name, convexToJson(value)]])),
  );
