import { compareValues, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, contains, endOfPrefix } from "./bytes.ts";
import { indexKey } from "./index-key.ts";
import { anyValue } from "./values.testing.ts";

const field = fc.option(anyValue, { nil: undefined, freq: 8 });

const compareTuples = (a: readonly (Value | undefined)[], b: readonly (Value | undefined)[]): number => {
  for (const [index, value] of a.entries()) {
    const order = compareValues(value, b[index]);
    if (order !== 0) return Math.sign(order);
  }
  return 0;
};

describe("index keys", () => {
  test("of single fields are ordered as Convex orders values", () => {
    fc.assert(
      fc.property(field, field, (a, b) => {
        expect(Math.sign(compareBytes(indexKey([a]), indexKey([b])))).toBe(compareTuples([a], [b]));
      }),
      { numRuns: 3000 },
    );
  });

  test("of several fields are ordered field by field", () => {
    fc.assert(
      fc.property(fc.tuple(field, field, field), fc.tuple(field, field, field), (a, b) => {
        expect(Math.sign(compareBytes(indexKey(a), indexKey(b)))).toBe(compareTuples(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  test("that begin with a value are exactly those in its prefix range", () => {
    fc.assert(
      fc.property(field, field, field, (prefix, other, rest) => {
        const from = indexKey([prefix]);
        const range = { from, to: endOfPrefix(from) };
        expect(contains(range, indexKey([prefix, rest]))).toBe(true);
        expect(contains(range, indexKey([other, rest]))).toBe(compareValues(prefix, other) === 0);
      }),
      { numRuns: 2000 },
    );
  });
});
