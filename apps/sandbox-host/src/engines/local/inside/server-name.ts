/**
 * The host that a TLS client names in its first message. `more`: the message isn't whole yet. Null: these bytes begin no such
 * message, or it names no host.
 */
export type ServerName = string | "more" | null;

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const hostNameType = 0;

/** Reads fields one after the other; past the end everything is undefined. */
class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(size: 1 | 2 | 3): number | undefined {
    const value = this.take(size);
    return value?.readUIntBE(0, size);
  }

  take(size: number | undefined): Buffer | undefined {
    if (size === undefined || this.#at + size > this.#bytes.length) return undefined;
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** A field that begins with its own length. */
  sized(size: 1 | 2 | 3): Buffer | undefined {
    return this.take(this.number(size));
  }
}

/** The handshake that the records carry, as far as it is there; null where they carry something else. */
const handshakeOf = (bytes: Buffer): Buffer | null => {
  const records = new Reader(bytes);
  const parts: Buffer[] = [];
  while (!records.isAtEnd) {
    const type = records.number(1);
    const major = records.number(1);
    if (type !== handshakeRecord || (major !== undefined && major !== 3))
      return parts.length === 0 ? null : Buffer.concat(parts);
    records.number(1);
    const part = records.sized(2);
    if (part === undefined) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const hostIn = (list: Buffer): string | null => {
  const names = new Reader(new Reader(list).sized(2) ?? Buffer.alloc(0));
  while (!names.isAtEnd) {
    const type = names.number(1);
    const name = names.sized(2);
    if (type === hostNameType && name !== undefined) return name.toString("latin1").toLowerCase();
    if (name === undefined) break;
  }
  return null;
};

const hostOf = (hello: Buffer): string | null => {
  const fields = new Reader(hello);
  // Version and random, session, cipher suites, compression.
  if (fields.take(34) === undefined) return null;
  if (fields.sized(1) === undefined || fields.sized(2) === undefined || fields.sized(1) === undefined) return null;
  const extensions = new Reader(fields.sized(2) ?? Buffer.alloc(0));
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const content = extensions.sized(2);
    if (content === undefined) return null;
    if (type === serverNameExtension) return hostIn(content);
  }
  return null;
};

/** Reads the first bytes of a connection. */
export const readServerName = (bytes: Buffer): ServerName => {
  if (bytes.length < 6) return bytes.length > 0 && bytes[0] !== handshakeRecord ? null : "more";
  const handshake = handshakeOf(bytes);
  if (handshake === null) return null;
  const message = new Reader(handshake);
  const type = message.number(1);
  if (type === undefined) return "more";
  if (type !== clientHello) return null;
  const hello = message.sized(3);
  return hello === undefined ? "more" : hostOf(hello);
};
