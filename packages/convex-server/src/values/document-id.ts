import { randomBytes } from "node:crypto";

/**
 * Convex document ids, version 6: lower-case Crockford base32 of
 * the table number (variable length integer), 16 bytes of the document, and Fletcher-16 over both, little-endian.
 */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const valueOfLetter = new Map([...alphabet].map((letter, value) => [letter, value]));

const internalIdLength = 16;
const checksumLength = 2;
const encodedLengthMin = 31;
const encodedLengthMax = 37;

const fletcher16 = (bytes: Uint8Array): number => {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) & 0xff;
    high = (high + low) & 0xff;
  }
  return (high << 8) | low;
};

const base32Encode = (bytes: Uint8Array): string => {
  let out = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      out += alphabet[(bits >> bitCount) & 31];
    }
  }
  return bitCount > 0 ? out + alphabet[(bits << (5 - bitCount)) & 31] : out;
};

const base32Decode = (text: string): Uint8Array | null => {
  const out: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const letter of text) {
    const value = valueOfLetter.get(letter);
    if (value === undefined) return null;
    bits = ((bits << 5) | value) & 0xffff;
    bitCount += 5;
    if (bitCount >= 8) {
      bitCount -= 8;
      out.push((bits >> bitCount) & 0xff);
    }
  }
  return Uint8Array.from(out);
};

const variableLength = (number: number): number[] =>
  number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...variableLength(number >>> 7)];

/** The id of the document `internalId` (16 bytes) in the table with this number (1 to 2^32 - 1). */
export const encodeDocumentId = (tableNumber: number, internalId: Uint8Array): string => {
  const body = Uint8Array.from([...variableLength(tableNumber), ...internalId]);
  const checksum = fletcher16(body);
  return base32Encode(Uint8Array.from([...body, checksum & 0xff, checksum >> 8]));
};

export interface DecodedDocumentId {
  readonly tableNumber: number;
  readonly internalId: Uint8Array;
}

/** Null for anything that is not the one spelling of an id. */
export const decodeDocumentId = (id: string): DecodedDocumentId | null => {
  if (id.length < encodedLengthMin || id.length > encodedLengthMax) return null;
  const bytes = base32Decode(id);
  if (bytes === null) return null;
  const numberLength = bytes.length - internalIdLength - checksumLength;
  if (numberLength < 1 || numberLength > 5) return null;
  let tableNumber = 0;
  for (let index = 0; index < numberLength; index += 1) tableNumber += ((bytes[index] ?? 0) & 0x7f) * 2 ** (7 * index);
  if (tableNumber < 1 || tableNumber > 0xffff_ffff) return null;
  const internalId = bytes.slice(numberLength, numberLength + internalIdLength);
  return encodeDocumentId(tableNumber, internalId) === id ? { tableNumber, internalId } : null;
};

export const newDocumentId = (tableNumber: number): string =>
  encodeDocumentId(tableNumber, randomBytes(internalIdLength));
