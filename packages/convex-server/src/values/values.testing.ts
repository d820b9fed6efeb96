import type { Value } from "convex/values";
import fc from "fast-check";

const wellFormedString = fc.string({ unit: "binary" });
const fieldName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
  fc.integer(),
  fc.boolean(),
  wellFormedString,
  fc.constantFrom("", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "\u{10000}", "\uffff"),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Uint8Array.from(bytes).buffer),
);

/** Any value that Convex can store, nested up to three levels. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: scalar, weight: 4 },
    { arbitrary: fc.array(tie("value"), { maxLength: 4 }), weight: 1 },
    { arbitrary: fc.dictionary(fieldName, tie("value"), { maxKeys: 4, noNullPrototype: true }), weight: 1 },
  ),
})).value;
