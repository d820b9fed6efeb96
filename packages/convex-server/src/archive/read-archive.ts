import { openAsBlob } from "node:fs";
import { BlobReader, type Entry, type FileEntry, ZipReader } from "@zip.js/zip.js";
import { type ArchivePart, partOf } from "./archive-entries.ts";

/** A document has one mebibyte at most, and twice that with every character escaped is still less. */
const lineLengthMax = 8 << 20;

/** The parts of an archive that are read. */
export interface Archive {
  /** By the table's name. */
  readonly documents: ReadonlyMap<string, FileEntry>;
  readonly encodings: ReadonlyMap<string, FileEntry>;
  /** By the file's id. */
  readonly files: ReadonlyMap<string, FileEntry>;
}

const isFile = (entry: Entry): entry is FileEntry => !entry.directory;

/** Looks through a zip file. Throws an error for a person where it is none, or holds the same thing twice. */
export const openArchive = async (file: string): Promise<Archive> => {
  const blob = await openAsBlob(file).catch(() => {
    throw new Error(`There is no file ${file} that can be read.`);
  });
  const entries = await new ZipReader(new BlobReader(blob), { useWebWorkers: false }).getEntries().catch((cause) => {
    throw new Error(`${file} is no zip file.`, { cause });
  });
  const parts = { documents: new Map<string, FileEntry>(), encoding: new Map(), file: new Map() } satisfies Record<
    ArchivePart["kind"],
    Map<string, FileEntry>
  >;
  for (const entry of entries.filter(isFile)) {
    const part = partOf(entry.filename);
    if (part === null) continue;
    const name = part.kind === "file" ? part.id : part.table;
    if (parts[part.kind].has(name)) throw new Error(`${file} holds ${entry.filename} twice.`);
    parts[part.kind].set(name, entry);
  }
  return { documents: parts.documents, encodings: parts.encoding, files: parts.file };
};

/** The bytes of one file in it. */
export const bytesOf = (entry: FileEntry): ReadableStream<Uint8Array> => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  // What goes wrong ends the stream, and so reaches whoever reads.
  entry.getData(writable, { checkSignature: true }).catch((cause: unknown) => writable.abort(cause).catch(() => {}));
  return readable;
};

/** The lines of one file in it, with their numbers from 1 on; empty ones are left out. */
export async function* linesOf(entry: FileEntry): AsyncGenerator<readonly [number: number, text: string]> {
  let left = "";
  let number = 0;
  for await (const piece of bytesOf(entry).pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))) {
    const lines = (left + piece).split("\n");
    left = lines.pop() ?? "";
    if (left.length > lineLengthMax) throw new Error(`${entry.filename} has too long a line.`);
    for (const line of lines) {
      number += 1;
      if (line.trim() !== "") yield [number, line];
    }
  }
  if (left.trim() !== "") yield [number + 1, left];
}
