import type { Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { describeValidator, explainMismatch, findMismatch, type ValidatorJson } from "./validator.ts";

const tableOfId = (id: string): string | null => (id.startsWith("message:") ? "messages" : null);

const object = (fields: Record<string, ValidatorJson>, optional: string[] = []): ValidatorJson => ({
  type: "object",
  value: Object.fromEntries(
    Object.entries(fields).map(([name, fieldType]) => [name, { fieldType, optional: optional.includes(name) }]),
  ),
});

const text: ValidatorJson = { type: "string" };
const idOfMessage: ValidatorJson = { type: "id", tableName: "messages" };
const one: ValidatorJson = { type: "literal", value: 1 };

describe("validators", () => {
  test.each([
    [{ type: "null" }, null],
    [{ type: "number" }, Number.NaN],
    [{ type: "bigint" }, 5n],
    [{ type: "boolean" }, false],
    [text, ""],
    [{ type: "bytes" }, new ArrayBuffer(1)],
    [{ type: "any" }, { a: [1n] }],
    [one, 1],
    [{ type: "literal", value: { $integer: "BQAAAAAAAAA=" } }, 5n],
    [idOfMessage, "message:1"],
    [{ type: "array", value: text }, ["a", "b"]],
    [{ type: "union", value: [text, one] }, 1],
    [
      { type: "record", keys: text, values: { fieldType: one, optional: false } },
      { a: 1, b: 1 },
    ],
    [object({ a: text, b: one }, ["b"]), { a: "x" }],
  ] as [ValidatorJson, Value][])("%o lets %o pass", (validator, value) => {
    expect(findMismatch(validator, value, tableOfId)).toBeNull();
  });

  test.each([
    [{ type: "null" }, 0, ""],
    [{ type: "number" }, 5n, ""],
    [{ type: "bigint" }, 5, ""],
    [text, null, ""],
    [{ type: "bytes" }, "a", ""],
    [one, true, ""],
    [idOfMessage, "thread:1", ""],
    [{ type: "array", value: text }, ["a", 1], "[1]"],
    [{ type: "union", value: [text, one] }, 2, ""],
    [{ type: "record", keys: idOfMessage, values: { fieldType: one, optional: false } }, { x: 1 }, ".x"],
    [object({ a: text }), {}, ""],
    [object({ a: text }), { a: "x", b: 1 }, ""],
    [object({ a: text }), new ArrayBuffer(1), ""],
    [object({ a: object({ b: { type: "array", value: one } }) }), { a: { b: [1, 2] } }, ".a.b[1]"],
    [object({}), JSON.parse('{"__proto__":1}'), ""],
  ] as [ValidatorJson, Value, string][])("%o refuses %o at %j", (validator, value, path) => {
    expect(findMismatch(validator, value, tableOfId)?.path).toBe(path);
  });

  test("name the table of an id that belongs elsewhere", () => {
    const mismatch = findMismatch({ type: "id", tableName: "users" }, "message:1", tableOfId);
    expect(mismatch?.problem).toContain(
      'from table `messages`, which does not match the table name in validator `v.id("users")`',
    );
  });

  test("tell the inner problem of a union when only one member can be meant", () => {
    const mismatch = findMismatch({ type: "union", value: [text, object({ a: text })] }, { a: 1 }, tableOfId);
    expect(mismatch?.path).toBe(".a");
  });

  test("explain a mismatch in Convex's form", () => {
    const mismatch = findMismatch(object({ a: text }), { a: 5n }, tableOfId);
    expect(mismatch === null ? "" : explainMismatch(mismatch)).toBe(
      "Value does not match validator.\nPath: .a\n\nValue: 5n\nValidator: v.string()",
    );
  });

  test("are shown as they are written", () => {
    const validator = object(
      { a: { type: "union", value: [one, { type: "null" }] }, b: { type: "array", value: idOfMessage } },
      ["b"],
    );
    expect(describeValidator(validator)).toBe(
      'v.object({a: v.union(v.literal(1), v.null()), b: v.optional(v.array(v.id("messages")))})',
    );
  });
});
