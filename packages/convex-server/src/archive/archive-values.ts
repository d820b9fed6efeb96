import type { Value } from "convex/values";

/**
 * How values stand in an exported snapshot: an integer without a point is an int64, every float has one, and what JSON has
 * no form for is written as `{ "$float": … }` and `{ "$bytes": … }`. Convex calls it the uniform encoding.
 */
const floatText = (value: number): string => {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
};

const base64 = (bytes: ArrayBuffer | Uint8Array): string =>
  Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString("base64");

const specialFloat = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return `{"$float":"${base64(bytes)}"}`;
};

/** One line of a table, without its end. */
export const valueText = (value: Value): string => {
  if (typeof value === "number") return Number.isFinite(value) ? floatText(value) : specialFloat(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof ArrayBuffer) return `{"$bytes":"${base64(value)}"}`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [`${JSON.stringify(name)}:${valueText(field)}`],
  );
  return `{${fields.join(",")}}`;
};

const bytesOf = (text: unknown, length?: number): Uint8Array<ArrayBuffer> => {
  const bytes = typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : undefined;
  if (bytes === undefined || base64(bytes) !== text || (length !== undefined && bytes.length !== length))
    throw new SyntaxError("what stands there is no base64");
  return bytes;
};

const special = (value: object): unknown => {
  const [[name, text] = [], ...more] = Object.entries(value);
  if (more.length > 0) return value;
  if (name === "$bytes") return bytesOf(text).buffer;
  if (name === "$float") return new DataView(bytesOf(text, 8).buffer).getFloat64(0, true);
  return value;
};

/** With the text that a value was read from, which the type doesn't know yet. */
const parse = JSON.parse as (
  text: string,
  revive: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/** Reads such a line. Throws where it isn't one. */
export const readUniform = (text: string): unknown =>
  parse(text, (_, value, { source = "" }) => {
    if (typeof value === "number") return /[.eE]/.test(source) ? value : BigInt(source);
    const isPlain =
      typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer);
    return isPlain ? special(value) : value;
  });
