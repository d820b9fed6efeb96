import { CommitTsPlaceholder, type Value } from "convex/values";

/**
 * Index keys: byte strings whose order is the order of Convex values
 * (undefined < null < int64 < float64 < boolean < string < bytes < array < object).
 * Each value is one tag byte and a self-delimiting body, so that no encoding is a prefix of another.
 */
const tag = {
  undefined: 0x01,
  null: 0x02,
  int64: 0x03,
  float64: 0x04,
  false: 0x05,
  true: 0x06,
  string: 0x07,
  bytes: 0x08,
  array: 0x09,
  object: 0x0a,
} as const;

const terminator = 0x00;
/** Follows a zero byte that belongs to the content; a lone zero byte ends it. */
const escapedZero = 0xff;

const signBit = 1n << 63n;
const encoder = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

const pushScratch = (out: number[]): void => {
  for (let index = 0; index < 8; index += 1) out.push(scratch.getUint8(index));
};

const pushContent = (out: number[], content: Uint8Array): void => {
  for (const byte of content) {
    out.push(byte);
    if (byte === 0) out.push(escapedZero);
  }
  out.push(terminator, terminator);
};

const pushInt64 = (out: number[], value: bigint): void => {
  scratch.setBigUint64(0, BigInt.asUintN(64, value) ^ signBit);
  pushScratch(out);
};

/** IEEE total order: negative numbers have all bits flipped, the others the sign bit. */
const pushFloat64 = (out: number[], value: number): void => {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  scratch.setBigUint64(0, bits & signBit ? BigInt.asUintN(64, ~bits) : bits | signBit);
  pushScratch(out);
};

const pushValue = (out: number[], value: Value | undefined): void => {
  if (value === undefined) {
    out.push(tag.undefined);
  } else if (value === null) {
    out.push(tag.null);
  } else if (typeof value === "bigint") {
    out.push(tag.int64);
    pushInt64(out, value);
  } else if (typeof value === "number") {
    out.push(tag.float64);
    pushFloat64(out, value);
  } else if (typeof value === "boolean") {
    out.push(value ? tag.true : tag.false);
  } else if (typeof value === "string") {
    out.push(tag.string);
    pushContent(out, encoder.encode(value));
  } else if (value instanceof ArrayBuffer) {
    out.push(tag.bytes);
    pushContent(out, new Uint8Array(value));
  } else if (Array.isArray(value)) {
    out.push(tag.array);
    for (const element of value) pushValue(out, element);
    out.push(terminator);
  } else if (value instanceof CommitTsPlaceholder) {
    throw new TypeError("A commit timestamp has no place in an index key.");
  } else {
    out.push(tag.object);
    for (const key of Object.keys(value).sort()) {
      pushValue(out, key);
      pushValue(out, value[key]);
    }
    out.push(terminator);
  }
};

/** The key of these index fields, in order. */
export const indexKey = (values: readonly (Value | undefined)[]): Uint8Array => {
  const out: number[] = [];
  for (const value of values) pushValue(out, value);
  return Uint8Array.from(out);
};
