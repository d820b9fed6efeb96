import { defineSchema, defineTable, type TableDefinition } from "convex/server";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { isSchemaDefinition } from "../functions/runtime/shapes.ts";
import { parseSchema } from "./schema.ts";

/** What a worker sends of a schema; the method is left out of the library's types. */
const exported = (schema: unknown): string => {
  if (!isSchemaDefinition(schema)) throw new Error("not a schema");
  return schema.export();
};

const table = () => defineTable({ a: v.string(), b: v.string() });

describe("schemas", () => {
  test("tell tables, indexes and validators", () => {
    const schema = parseSchema(exported(defineSchema({ things: table().index("by_a", ["a"]) })));
    expect(schema.isEnforced).toBe(true);
    expect(schema.tables.get("things")).toMatchObject({
      indexes: [{ name: "by_a", fields: ["a"] }],
      vectorIndexes: [],
      validator: { type: "object" },
    });
  });

  test("tell search indexes with the fields that they filter by", () => {
    const searched = table().searchIndex("find_a", { searchField: "a", filterFields: ["b"] });
    expect(parseSchema(exported(defineSchema({ things: searched }))).tables.get("things")?.searchIndexes).toEqual([
      { name: "find_a", searchField: "a", filterFields: ["b"] },
    ]);
  });

  const near = (dimensions: number) =>
    defineTable({ a: v.array(v.float64()), b: v.string() }).vectorIndex("near_a", {
      vectorField: "a",
      dimensions,
      filterFields: ["b"],
    });

  test("tell vector indexes with their dimensions and the fields that they filter by", () => {
    expect(parseSchema(exported(defineSchema({ things: near(2) }))).tables.get("things")?.vectorIndexes).toEqual([
      { name: "near_a", vectorField: "a", dimensions: 2, filterFields: ["b"] },
    ]);
  });

  const anything = (): TableDefinition => defineTable(v.any());
  const letters = (count: number): string[] => Array.from({ length: count }, (_, place) => `f${place}`);
  /** An index that the library's types would refuse. */
  const inexact = (field: string): TableDefinition => (table() as TableDefinition).index("by_field", [field]);

  test("may index what some of a table's documents have, at any depth, and refer to the server's own tables", () => {
    const either = defineTable(
      v.union(v.object({ kind: v.string() }), v.object({ deep: v.record(v.string(), v.object({ at: v.number() })) })),
    );
    const tables = {
      things: (either as TableDefinition).index("by_kind", ["kind"]).index("by_depth", ["deep.any.at"]),
      files: defineTable({
        file: v.id("_storage"),
        job: v.optional(v.id("_scheduled_functions")),
        thing: v.id("things"),
      }),
    };
    expect(parseSchema(exported(defineSchema(tables))).tables.size).toBe(2);
  });

  test.each([
    [
      "a name longer than Convex takes",
      { things: table().index(`by_${"x".repeat(62)}`, ["a"]) },
      /at most 64 characters/,
    ],
    ["a name that is no identifier", { things: table().index("by-a", ["a"]) }, /must be identifiers/],
    ["vectors of one dimension", { things: near(1) }, /must have 2 to 4096 dimensions, got 1/],
    ["vectors of 4,097 dimensions", { things: near(4097) }, /must have 2 to 4096 dimensions, got 4097/],
    ["a reserved index name", { things: table().index("by_id", ["a"]) }, /reserved/],
    ["a repeated field", { things: table().index("by_a", ["a", "a"]) }, /Duplicate field "a"/],
    [
      "a repeated index",
      { things: table().index("by_a", ["a"]).index("by_a", ["b"]) },
      /two or more definitions of index "by_a"/,
    ],
    ["an index of nothing", { things: anything().index("by_a", [] as never) }, /at least one field/],
    [
      "an index of 16 fields and the time",
      { things: anything().index("by_all", letters(16) as [string]) },
      /up to 15 fields/,
    ],
    ["an index of ids", { things: anything().index("by_key", ["_id"]) }, /`_id` is not a valid index field/],
    ["an index that names the time", { things: anything().index("by_time", ["_creationTime"]) }, /automatically added/],
    ["an index of a reserved field", { things: anything().index("by_own", ["a._own"]) }, /Reserved fields/],
    ["an index of what is no path", { things: anything().index("by_path", ["a..b"]) }, /Invalid index field/],
    ["two indexes of the same fields", { things: anything().index("one", ["a"]).index("two", ["a"]) }, /same fields/],
    [
      "33 indexes",
      { things: letters(33).reduce((all, field) => all.index(field, [field]), anything()) },
      /more than 32/,
    ],
    ["an index of a field that is not there", { things: inexact("c") }, /references the field "c" that does not exist/],
    ["one of a field within a text", { things: inexact("a.b") }, /references the field "a.b" that does not exist/],
    ["ids of a table that it lacks", { things: defineTable({ a: v.array(v.id("others")) }) }, /v\.id\("others"\)/],
  ])("with %s are refused", (_, tables, message) => {
    expect(() => parseSchema(exported(defineSchema(tables)))).toThrow(message);
  });
});
