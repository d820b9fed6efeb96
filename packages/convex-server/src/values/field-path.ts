import type { Value } from "convex/values";

export type ConvexObject = { [field: string]: Value | undefined };

/** Whether a value is a plain object of named fields (not bytes, not an array). */
export const isObject = (value: Value | undefined): value is ConvexObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer);

/** The value at a dotted path, undefined where any step is missing. */
export const valueAt = (document: Value, path: string): Value | undefined => {
  let value: Value | undefined = document;
  for (const field of path.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, field)) return undefined;
    value = value[field];
  }
  return value;
};
