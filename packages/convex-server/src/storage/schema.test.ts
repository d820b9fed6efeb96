import { defineSchema, defineTable } from "convex/server";
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
    ["a repeated field", { things: table().index("by_a", ["a", "a"]) }, /none of them twice/],
    ["a repeated index", { things: table().index("by_a", ["a"]).index("by_a", ["b"]) }, /two indexes named "by_a"/],
  ])("with %s are refused", (_, tables, message) => {
    expect(() => parseSchema(exported(defineSchema(tables)))).toThrow(message);
  });
});
