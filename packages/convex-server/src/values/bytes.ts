import { Buffer } from "node:buffer";
/** Byte strings as SQLite compares them: unsigned, the shorter one first when it is a prefix. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

/** The smallest byte string above every one that starts with `prefix`; null when there is none. */
export const endOfPrefix = (prefix: Uint8Array): Uint8Array | null => {
  for (let length = prefix.length; length > 0; length -= 1) {
    const last = prefix[length - 1] ?? 0xff;
    if (last === 0xff) continue;
    const end = prefix.slice(0, length);
    end[length - 1] = last + 1;
    return end;
  }
  return null;
};

/** A half-open range of keys, `from` ≤ key < `to`; `to` null means without end. */
export interface ByteRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array | null;
}

export const everything: ByteRange = { from: new Uint8Array(), to: null };

export const contains = (range: ByteRange, key: Uint8Array): boolean =>
  compareBytes(key, range.from) >= 0 && (range.to === null || compareBytes(key, range.to) < 0);

export const isEmptyRange = (range: ByteRange): boolean => range.to !== null && compareBytes(range.from, range.to) >= 0;

export const intersection = (a: ByteRange, b: ByteRange): ByteRange => ({
  from: compareBytes(a.from, b.from) >= 0 ? a.from : b.from,
  to: a.to === null ? b.to : b.to === null ? a.to : compareBytes(a.to, b.to) <= 0 ? a.to : b.to,
});
