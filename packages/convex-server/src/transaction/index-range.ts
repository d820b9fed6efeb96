import { type JSONValue, jsonToConvex, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { type ByteRange, endOfPrefix } from "../values/bytes.ts";
import { indexKey } from "../values/index-key.ts";

/** One step of `withIndex("…", q => q.eq(…).gt(…))`, as the client library writes it. */
export interface RangeStep {
  readonly type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  readonly fieldPath: string;
  readonly value: JSONValue;
}

/** A value in a query, where `{$undefined: null}` stands for a missing field. */
export const queryValue = (json: JSONValue): Value | undefined =>
  typeof json === "object" && json !== null && !Array.isArray(json) && "$undefined" in json
    ? undefined
    : jsonToConvex(json);

const refuse = (problem: string): never => {
  throw new Fault("Database", `Invalid index range: ${problem}`);
};

const isLower = ({ type }: RangeStep): boolean => type === "Gt" || type === "Gte";
const isUpper = ({ type }: RangeStep): boolean => type === "Lt" || type === "Lte";

/**
 * The keys that a chain of steps selects: equalities on the first fields, then at most one lower and one upper
 * bound, both on the next field. Throws a fault for any other chain.
 */
export const indexRange = (index: string, keyFields: readonly string[], steps: readonly RangeStep[]): ByteRange => {
  const boundsFrom = steps.findIndex(({ type }) => type !== "Eq");
  const equalities = boundsFrom === -1 ? steps : steps.slice(0, boundsFrom);
  const bounds = boundsFrom === -1 ? [] : steps.slice(boundsFrom);

  for (const [position, { fieldPath }] of equalities.entries()) {
    const expected = keyFields[position];
    if (fieldPath !== expected) refuse(`index ${index} expects field "${expected}" next, got "${fieldPath}".`);
  }
  const lower = bounds.filter(isLower);
  const upper = bounds.filter(isUpper);
  if (lower.length > 1 || upper.length > 1 || lower.length + upper.length !== bounds.length) {
    refuse(`after a bound on index ${index} only its opposite on the same field may follow.`);
  }
  const boundField = keyFields[equalities.length];
  for (const { fieldPath } of bounds) {
    if (fieldPath !== boundField)
      refuse(`index ${index} expects a bound on field "${boundField}", got "${fieldPath}".`);
  }

  const prefix = equalities.map(({ value }) => queryValue(value));
  const keyWith = (step: RangeStep): Uint8Array => indexKey([...prefix, queryValue(step.value)]);
  const whole = indexKey(prefix);
  let from: Uint8Array | null = whole;
  let to = endOfPrefix(whole);
  const [low] = lower;
  const [high] = upper;
  if (low !== undefined) from = low.type === "Gte" ? keyWith(low) : endOfPrefix(keyWith(low));
  if (high !== undefined) to = high.type === "Lt" ? keyWith(high) : endOfPrefix(keyWith(high));
  // Every encoded value starts with a tag far below 0xff, so a prefix always has an end.
  return { from: from ?? whole, to };
};
