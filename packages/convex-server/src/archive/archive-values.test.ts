import type { Value } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUniform, valueText } from "./archive-values.ts";

const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array().map((bytes) => bytes.slice().buffer as ArrayBuffer),
    fc.array(tie("value")),
    fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,8}$/), tie("value")) as fc.Arbitrary<Value>,
  ),
}));

describe("a value in an archive", () => {
  test("is read as what it was written from", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(readUniform(valueText(value))).toEqual(value);
      }),
    );
  });

  test.each([
    [1, "1.0"],
    [-0, "-0.0"],
    [1.5e-7, "1.5e-7"],
    [1e21, "1e+21"],
    [1n, "1"],
    [-(2n ** 63n), "-9223372036854775808"],
    [Number.NaN, '{"$float":"AAAAAAAA+H8="}'],
    [new Uint8Array([0, 16, 131]).buffer, '{"$bytes":"ABCD"}'],
    [{ a: "1", b: undefined as never }, '{"a":"1"}'],
  ] satisfies [Value, string][])("%s is written as %s, so that Convex tells its kind", (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  test.each(['{"$bytes":5}', '{"$bytes":"?"}', '{"$float":"AAAA"}', '{"a":', "1 2"])("%s is refused", (text) => {
    expect(() => readUniform(text)).toThrow(SyntaxError);
  });
});
