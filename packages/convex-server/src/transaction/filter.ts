import { compareValues, type JSONValue, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { valueAt } from "../values/field-path.ts";
import { queryValue } from "./index-range.ts";

type Evaluated = Value | undefined;

const invalid = (problem: string): never => {
  throw new Fault("Database", `Invalid filter: ${problem}`);
};

const comparisons: Record<string, (order: number) => boolean> = {
  $eq: (order) => order === 0,
  $neq: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

const onNumbers: Record<string, (a: number, b: number) => number> = {
  $add: (a, b) => a + b,
  $sub: (a, b) => a - b,
  $mul: (a, b) => a * b,
  $div: (a, b) => a / b,
  $mod: (a, b) => a % b,
};

const onIntegers: Record<string, (a: bigint, b: bigint) => bigint> = {
  $add: (a, b) => a + b,
  $sub: (a, b) => a - b,
  $mul: (a, b) => a * b,
  $div: (a, b) => a / b,
  $mod: (a, b) => a % b,
};

const asBoolean = (value: Evaluated): boolean =>
  typeof value === "boolean" ? value : invalid("an operand of and, or, not, or the whole, is not a boolean.");

const asList = (operand: JSONValue | undefined): JSONValue[] =>
  Array.isArray(operand) ? operand : invalid("an operator has no list of operands.");

const calculate = (operator: string, a: Evaluated, b: Evaluated): Value => {
  if (typeof a === "number" && typeof b === "number") return onNumbers[operator]?.(a, b) ?? Number.NaN;
  if (typeof a === "bigint" && typeof b === "bigint") {
    if ((operator === "$div" || operator === "$mod") && b === 0n) invalid("division by zero.");
    return BigInt.asIntN(64, onIntegers[operator]?.(a, b) ?? 0n);
  }
  return invalid("arithmetic needs two numbers of the same type.");
};

const evaluate = (expression: JSONValue, document: Value): Evaluated => {
  if (typeof expression !== "object" || expression === null || Array.isArray(expression)) {
    return invalid("an expression is not an object.");
  }
  const [operator, operand] = Object.entries(expression)[0] ?? [];
  const pair = (): [Evaluated, Evaluated] => {
    const [left, right] = asList(operand);
    return [evaluate(left ?? null, document), evaluate(right ?? null, document)];
  };
  switch (operator) {
    case "$field":
      return valueAt(document, String(operand));
    case "$literal":
      return queryValue(operand ?? null);
    case "$and":
      return asList(operand).every((part) => asBoolean(evaluate(part, document)));
    case "$or":
      return asList(operand).some((part) => asBoolean(evaluate(part, document)));
    case "$not":
      return !asBoolean(evaluate(operand ?? null, document));
    case "$neg": {
      const value = evaluate(operand ?? null, document);
      return typeof value === "number" || typeof value === "bigint" ? -value : invalid("only numbers can be negated.");
    }
    default: {
      const test = comparisons[operator ?? ""];
      if (test !== undefined) return test(compareValues(...pair()));
      if (operator !== undefined && operator in onNumbers) return calculate(operator, ...pair());
      return invalid(`unknown operator ${operator}.`);
    }
  }
};

/** Whether a document passes a filter expression of the client library. */
export const passes = (expression: JSONValue, document: Value): boolean => asBoolean(evaluate(expression, document));
