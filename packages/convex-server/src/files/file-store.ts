import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault } from "../faults.ts";

/** A file that lies in the folder and belongs to no document yet. */
export interface ReceivedFile {
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
}

export const fileSizeMax = 1 << 30;
const incoming = ".incoming-";
const receivedName = /^\.incoming-[0-9a-f]{32}$/;

const tooLarge = (): Fault => new Fault("Limit", `A file may have ${fileSizeMax} bytes at most.`);

const withDiskFull = (thrown: unknown): unknown => {
  const code = thrown instanceof Error ? Reflect.get(thrown, "code") : undefined;
  if (code !== "ENOSPC" && code !== "EDQUOT") return thrown;
  return new Fault("DiskFull", "The server's disk is full, so the file was not stored.");
};

/**
 * Writes bytes to the folder and to the disk, under a name of its own. Throws a fault where they are too many or there is no
 * room; then nothing is left of them.
 */
export const receiveFile = async (
  folder: string,
  bytes: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): Promise<ReceivedFile> => {
  const name = `${incoming}${randomBytes(16).toString("hex")}`;
  const path = join(folder, name);
  const hash = createHash("sha256");
  let size = 0;
  const measured = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      size += piece.byteLength;
      if (size > fileSizeMax) throw tooLarge();
      hash.update(piece);
      yield piece;
    }
  };
  try {
    const source = Readable.from(measured(bytes as AsyncIterable<Uint8Array>), { objectMode: false });
    await pipeline(source, createWriteStream(path, { flags: "wx", mode: 0o600 }));
    const file = await open(path, "r+");
    await file.sync().finally(() => file.close());
    return { name, sha256: hash.digest("hex"), size };
  } catch (thrown) {
    rmSync(path, { force: true });
    throw withDiskFull(thrown);
  }
};

/** The stored files' bytes, one file for each document, named by its id. */
export class FileStore {
  readonly #folder: string;
  readonly #removed = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  get folder(): string {
    return this.#folder;
  }

  pathOf(id: string): string {
    return join(this.#folder, id);
  }

  /** Gives a received file the name of its document, before that is committed: no document is without its file. */
  adopt({ name }: Pick<ReceivedFile, "name">, id: string): void {
    if (!receivedName.test(name)) throw new Fault("InvalidRequest", "There is no such upload.");
    renameSync(join(this.#folder, name), this.pathOf(id));
  }

  /** What was received and is of no use. */
  drop({ name }: Pick<ReceivedFile, "name">): void {
    if (receivedName.test(name)) rmSync(join(this.#folder, name), { force: true });
  }

  /** A document is being removed; whether it is gone is known when its transaction has ended. */
  noteRemoved(id: string): void {
    this.#removed.add(id);
  }

  /** To be called after a commit: removes the files of documents that are gone. */
  forgetRemoved(isKept: (id: string) => boolean): void {
    for (const id of this.#removed) if (!isKept(id)) rmSync(this.pathOf(id), { force: true });
    this.#removed.clear();
  }

  /** Removes what belongs to no document: left by a server that ended in between. */
  sweep(isKept: (id: string) => boolean): void {
    for (const name of readdirSync(this.#folder)) if (!isKept(name)) rmSync(this.pathOf(name), { force: true });
  }
}
