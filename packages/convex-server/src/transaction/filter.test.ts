import type { JSONValue, Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { passes } from "./filter.ts";

const document: Value = { n: 5, i: 7n, s: "b", nested: { flag: true }, none: null };
const f = (path: string): JSONValue => ({ $field: path });
const l = (literal: JSONValue): JSONValue => ({ $literal: literal });

describe("filters", () => {
  test.each([
    [{ $eq: [f("n"), l(5)] }, true],
    [{ $eq: [f("n"), l({ $integer: "BQAAAAAAAAA=" })] }, false],
    [{ $neq: [f("s"), l("b")] }, false],
    [{ $eq: [f("missing"), l({ $undefined: null })] }, true],
    [{ $eq: [f("none"), l({ $undefined: null })] }, false],
    [{ $eq: [f("nested.flag"), l(true)] }, true],
    [{ $lt: [f("missing"), l(null)] }, true],
    [{ $gt: [f("s"), l(100)] }, true],
    [{ $gte: [f("n"), l(5)] }, true],
    [{ $lte: [f("n"), l(4)] }, false],
    [{ $and: [{ $eq: [f("n"), l(5)] }, { $not: { $eq: [f("s"), l("x")] } }] }, true],
    [{ $or: [{ $eq: [f("n"), l(1)] }, { $eq: [f("s"), l("b")] }] }, true],
    [{ $and: [] }, true],
    [{ $or: [] }, false],
    [{ $eq: [{ $add: [f("n"), l(2)] }, l(7)] }, true],
    [{ $eq: [{ $mod: [f("n"), l(2)] }, l(1)] }, true],
    [{ $eq: [{ $neg: f("i") }, l({ $integer: "+f////////8=" })] }, true],
  ] as [JSONValue, boolean][])("%j is %s", (expression, expected) => {
    expect(passes(expression, document)).toBe(expected);
  });

  test.each([
    [{ $add: [f("n"), f("i")] }, /same type/],
    [l(5), /not a boolean/],
    [{ $div: [f("i"), l({ $integer: "AAAAAAAAAAA=" })] }, /division by zero/],
    [{ $surprise: [] }, /unknown operator/],
  ] as [JSONValue, RegExp][])("%j is refused", (expression, message) => {
    expect(() => passes({ $eq: [expression, l(0)] }, document) || passes(expression, document)).toThrow(message);
  });
});
