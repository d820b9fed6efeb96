import { Buffer } from "node:buffer";
/** A commit timestamp on the wire: unsigned 64 bits, little-endian, base64. */
export const encodeTimestamp = (timestamp: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(timestamp);
  return bytes.toString("base64");
};

/** Null when the text is not exactly eight bytes in base64. */
export const decodeTimestamp = (text: string): bigint | null => {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 8 ? bytes.readBigUInt64LE() : null;
};
