import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { isObject } from "../values/field-path.ts";

/** A validator as `exportArgs`, `exportReturns` and the schema write it. */
export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" | "commitTs" }
  | { type: "literal"; value: JSONValue }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: FieldJson }
  | { type: "object"; value: Record<string, FieldJson> }
  | { type: "union"; value: ValidatorJson[] };

export interface FieldJson {
  readonly fieldType: ValidatorJson;
  readonly optional: boolean;
}

/** Tells the table of a document id; null for text that is no id of any table. */
export type TableOfId = (id: string) => string | null;

/** One sentence on the first mismatch. */
export interface Mismatch {
  readonly path: string;
  readonly problem: string;
  readonly value: Value | undefined;
  readonly validator: ValidatorJson;
}

const show = (value: Value | undefined): string => {
  if (value === undefined) return "undefined";
  if (typeof value === "bigint") return `${value}n`;
  const text = JSON.stringify(convexToJson(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

/** The validator as one would write it. */
export const describeValidator = (validator: ValidatorJson): string => {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "literal":
      return `v.literal(${show(jsonToConvex(validator.value))})`;
    case "id":
      return `v.id("${validator.tableName}")`;
    case "array":
      return `v.array(${describeValidator(validator.value)})`;
    case "record":
      return `v.record(${describeValidator(validator.keys)}, ${describeValidator(validator.values.fieldType)})`;
    case "object": {
      const fields = Object.entries(validator.value).map(([name, { fieldType, optional }]) => {
        const inner = describeValidator(fieldType);
        return `${name}: ${optional ? `v.optional(${inner})` : inner}`;
      });
      return `v.object({${fields.join(", ")}})`;
    }
    case "union":
      return `v.union(${validator.value.map(describeValidator).join(", ")})`;
    default:
      return `v.${validator.type}()`;
  }
};

const isScalarOf = (type: string, value: Value): boolean => {
  switch (type) {
    case "null":
      return value === null;
    case "number":
      return typeof value === "number";
    case "bigint":
    case "commitTs":
      return typeof value === "bigint";
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "bytes":
      return value instanceof ArrayBuffer;
    default:
      return type === "any";
  }
};

const fieldPath = (path: string, field: string): string => `${path}.${field}`;

/** The first place where `value` does not fit, or null. */
export const findMismatch = (
  validator: ValidatorJson,
  value: Value,
  tableOfId: TableOfId,
  path = "",
): Mismatch | null => {
  const mismatch = (problem: string, at = path): Mismatch => ({ path: at, problem, value, validator });
  const wrongType = (): Mismatch => mismatch("Value does not match validator.");

  switch (validator.type) {
    case "literal":
      return Object.is(jsonToConvex(validator.value), value) ? null : wrongType();
    case "id": {
      if (typeof value !== "string") return wrongType();
      const table = tableOfId(value);
      if (table === validator.tableName) return null;
      return mismatch(
        table === null
          ? "Value does not match validator."
          : `Found ID "${value}" from table \`${table}\`, which does not match the table name in validator \`v.id("${validator.tableName}")\`.`,
      );
    }
    case "array": {
      if (!Array.isArray(value)) return wrongType();
      for (const [index, element] of value.entries()) {
        const inner = findMismatch(validator.value, element, tableOfId, `${path}[${index}]`);
        if (inner !== null) return inner;
      }
      return null;
    }
    case "record": {
      if (!isObject(value)) return wrongType();
      for (const [key, element] of Object.entries(value)) {
        const at = fieldPath(path, key);
        const inner =
          findMismatch(validator.keys, key, tableOfId, at) ??
          (element === undefined ? null : findMismatch(validator.values.fieldType, element, tableOfId, at));
        if (inner !== null) return inner;
      }
      return null;
    }
    case "object": {
      if (!isObject(value)) return wrongType();
      for (const [field, { fieldType, optional }] of Object.entries(validator.value)) {
        const element = Object.hasOwn(value, field) ? value[field] : undefined;
        if (element === undefined) {
          if (!optional) {
            return mismatch(
              `Object is missing the required field \`${field}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.`,
            );
          }
          continue;
        }
        const inner = findMismatch(fieldType, element, tableOfId, fieldPath(path, field));
        if (inner !== null) return inner;
      }
      const extra = Object.keys(value).find(
        (field) => !Object.hasOwn(validator.value, field) && value[field] !== undefined,
      );
      return extra === undefined
        ? null
        : mismatch(`Object contains extra field \`${extra}\` that is not in the validator.`);
    }
    case "union": {
      if (validator.value.some((member) => findMismatch(member, value, tableOfId, path) === null)) return null;
      // One member is a better witness than the union when it is the only one of the value's shape.
      const alike = validator.value.filter((member) => member.type === "object" && isObject(value));
      const only = alike.length === 1 ? alike[0] : undefined;
      return only === undefined ? wrongType() : findMismatch(only, value, tableOfId, path);
    }
    default:
      return isScalarOf(validator.type, value) ? null : wrongType();
  }
};

/** Several lines, in Convex's form: the problem, where, what was found and what was expected. */
export const explainMismatch = ({ path, problem, value, validator }: Mismatch): string => {
  const kind = isObject(value) ? "Object" : "Value";
  const where = path === "" ? "" : `Path: ${path}\n`;
  return `${problem}\n${where}\n${kind}: ${show(value)}\nValidator: ${describeValidator(validator)}`;
};
