import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { Fault } from "../faults.ts";

/** Where a page begins or ends: before everything, behind a key, or behind everything. */
export type Position = { readonly after: Uint8Array } | "start" | "end";

/** Asks the paginated hook of the client to start over. */
export const invalidCursor = (problem: string): Fault =>
  new Fault("InvalidCursor", `InvalidCursor: ${problem}`, {
    isConvexSystemError: true,
    paginationError: "InvalidCursor",
  });

const nonceLength = 12;
const tagLength = 16;
const endMark = 0;
const afterMark = 1;
const startMark = 2;

const plainOf = (position: Position): Buffer => {
  if (position === "end") return Buffer.of(endMark);
  return position === "start" ? Buffer.of(startMark) : Buffer.from([afterMark, ...position.after]);
};

const positionOf = (plain: Buffer): Position => {
  if (plain[0] === endMark) return "end";
  return plain[0] === startMark ? "start" : { after: Uint8Array.from(plain.subarray(1)) };
};

/** Identifies the database query that a cursor belongs to. */
export const fingerprintOf = (query: unknown): Buffer => createHash("sha256").update(JSON.stringify(query)).digest();

/**
 * Cursors are sealed: a key may hold values of documents that the function did not return, and a cursor of one
 * query must not work for another. Equal positions have equal cursors, because cursors are part of cache keys.
 */
export class CursorCodec {
  readonly #key: Uint8Array;

  /** `key` has 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  encode(position: Position, fingerprint: Uint8Array): string {
    const plain = plainOf(position);
    const nonce = createHmac("sha256", this.#key).update(fingerprint).update(plain).digest().subarray(0, nonceLength);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(fingerprint);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** Throws an InvalidCursor fault for anything but a cursor of this query. */
  decode(cursor: string, fingerprint: Uint8Array): Position {
    const bytes = Buffer.from(cursor, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, nonceLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(fingerprint).setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const sealed = bytes.subarray(nonceLength + tagLength);
      return positionOf(Buffer.concat([decipher.update(sealed), decipher.final()]));
    } catch {
      throw invalidCursor(
        "Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
      );
    }
  }
}
