import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FileEntry } from "@zip.js/zip.js";
import { getDocumentSize, type Value } from "convex/values";
import { type Replacement, replaceData } from "../backup/restore-backup.ts";
import { messageOf } from "../faults.ts";
import { receiveFile } from "../files/file-store.ts";
import { filesTable } from "../files/file-table.ts";
import type { Table } from "../storage/catalog.ts";
import type { Document, IndexWrite } from "../storage/documents.ts";
import { databaseFile, filesFolderOf } from "../storage/presence.ts";
import { Store } from "../storage/store.ts";
import { requireDocumentLimits } from "../transaction/limits.ts";
import { decodeDocumentId, newDocumentId } from "../values/document-id.ts";
import { isObject } from "../values/field-path.ts";
import { tablesTable, uniformEncoding } from "./archive-entries.ts";
import { readUniform } from "./archive-values.ts";
import type { ArchiveContent } from "./export-archive.ts";
import { type Archive, bytesOf, linesOf, openArchive } from "./read-archive.ts";

export interface ImportRequest {
  readonly stateFolder: string;
  /** Where what is replaced is put aside. */
  readonly backupsFolder: string;
  /** The archive. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Imported extends ArchiveContent {
  /** Where the database is that was there before; null where none was. */
  readonly aside: string | null;
}

const batchMax = 1_000;
const tableName = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;

/** Numbers that are documents' own, of tables whose ids have them. */
const readNumbers = async (entry: FileEntry | undefined): Promise<ReadonlyMap<string, number>> => {
  const numbers = new Map<string, number>();
  if (entry === undefined) return numbers;
  for await (const [at, text] of linesOf(entry)) {
    const line: unknown = JSON.parse(text);
    const name: unknown = Reflect.get(Object(line), "name");
    const id: unknown = Reflect.get(Object(line), "id");
    if (typeof name !== "string" || !Number.isInteger(id))
      throw new Error(`Line ${at} of ${entry.filename} is no table.`);
    numbers.set(name, Number(id));
  }
  return numbers;
};

type ReadLine = (text: string) => unknown;

/** How the lines of a table are read. Without a word on it they are plain JSON, as somebody may have written it. */
const readerOf = async (entry: FileEntry | undefined): Promise<ReadLine> => {
  if (entry === undefined) return JSON.parse;
  for await (const [, text] of linesOf(entry))
    if (JSON.parse(text) === uniformEncoding) return readUniform;
    else break;
  throw new Error(`${entry.filename} is of an older kind of snapshot, which can't be read. Export it again.`);
};

/** One import into a folder of its own. */
class Import {
  readonly #archive: Archive;
  readonly #store: Store;
  readonly #filesFolder: string;
  #writes: IndexWrite[] = [];
  #pending = 0;

  constructor(archive: Archive, store: Store, filesFolder: string) {
    this.#archive = archive;
    this.#store = store;
    this.#filesFolder = filesFolder;
  }

  async run(): Promise<ArchiveContent> {
    const numbers = await readNumbers(this.#archive.documents.get(tablesTable));
    const tables = [...this.#archive.documents].filter(([name]) => !name.startsWith("_"));
    let documents = 0;
    this.#store.begin();
    for (const [name, entry] of tables) {
      if (!tableName.test(name)) throw new Error(`${name} is no name of a table.`);
      const read = await readerOf(this.#archive.encodings.get(name));
      documents += await this.#fill(name, numbers.get(name), entry, read, async (document) => document);
    }
    const stored = this.#archive.documents.get(filesTable);
    const files =
      stored === undefined
        ? 0
        : await this.#fill(filesTable, numbers.get(filesTable), stored, JSON.parse, (document) =>
            this.#takeFile(document),
          );
    this.#commit();
    return { tables: tables.length, documents, files };
  }

  /** Takes over a table's documents; resolves to how many there were. */
  async #fill(
    name: string,
    number: number | undefined,
    entry: FileEntry,
    read: ReadLine,
    change: (document: Document) => Promise<Document>,
  ): Promise<number> {
    let table: Table | undefined;
    let count = 0;
    for await (const [at, text] of linesOf(entry)) {
      try {
        const fields = read(text);
        if (!isObject(fields as Value)) throw new Error("it is no object");
        const given: unknown = Reflect.get(Object(fields), "_id");
        table ??= this.#tableOf(name, number ?? decodeDocumentId(String(given))?.tableNumber);
        this.#insert(table, await change(this.#documentOf(table, fields as Record<string, Value>)));
      } catch (cause) {
        throw new Error(`Line ${at} of ${entry.filename} can't be taken over: ${messageOf(cause)}`, { cause });
      }
      count += 1;
    }
    if (table === undefined) this.#tableOf(name, number);
    return count;
  }

  #tableOf(name: string, number: number | undefined): Table {
    const { catalog } = this.#store;
    if (number === undefined) return catalog.ensureTable(name);
    const other = catalog.tableByNumber(number);
    if (other !== undefined) throw new Error(`${name} and ${other.name} have the same number`);
    return catalog.createTable(name, number);
  }

  /** With the system fields that it has, or new ones. */
  #documentOf(table: Table, fields: Record<string, Value>): Document {
    const { _id = newDocumentId(table.number), _creationTime = this.#store.nextCreationTime(), ...own } = fields;
    if (typeof _id !== "string" || decodeDocumentId(_id)?.tableNumber !== table.number)
      throw new Error(`${JSON.stringify(_id)} is no id of this table`);
    if (typeof _creationTime !== "number" || !(_creationTime >= 0 && Number.isFinite(_creationTime)))
      throw new Error("its _creationTime is no time");
    const reserved = Object.keys(own).find((field) => field.startsWith("_"));
    if (reserved !== undefined) throw new Error(`its field ${reserved} begins with an underscore`);
    const document: Document = { ...own, _id, _creationTime };
    requireDocumentLimits(document, getDocumentSize(document));
    return document;
  }

  #insert(table: Table, document: Document): void {
    this.#store.noteCreationTime(document._creationTime);
    this.#writes.push(...this.#store.pending.insert(table.name, document));
    this.#pending += 1;
    if (this.#pending < batchMax) return;
    this.#commit();
    this.#store.begin();
  }

  #commit(): void {
    this.#store.commit(this.#writes, this.#store.nextTimestamp());
    this.#writes = [];
    this.#pending = 0;
  }

  /** Unpacks the bytes of a stored file; the document says what they are. */
  async #takeFile({ _id, _creationTime, sha256, size, contentType }: Document): Promise<Document> {
    const entry = this.#archive.files.get(_id);
    if (entry === undefined) throw new Error("the file itself isn't in the archive");
    const received = await receiveFile(this.#filesFolder, bytesOf(entry));
    const hash = Buffer.from(received.sha256, "hex").toString("base64");
    if ((sha256 !== undefined && sha256 !== hash) || (size !== undefined && size !== received.size))
      throw new Error("the file isn't what it says it is");
    renameSync(join(this.#filesFolder, received.name), join(this.#filesFolder, _id));
    const type = typeof contentType === "string" ? { contentType } : {};
    return { _id, _creationTime, sha256: received.sha256, size: received.size, ...type };
  }
}

/**
 * Puts an archive of this server's, or of `convex export`, in the place of all that is there, which is put aside and never
 * removed. Throws, and changes nothing, while a server uses the folder, and for an archive that can't be taken over whole.
 */
export const importArchive = async (request: ImportRequest): Promise<Imported> => {
  const archive = await openArchive(request.file);
  mkdirSync(request.stateFolder, { recursive: true });
  const folder = mkdtempSync(join(request.stateFolder, "importing-"));
  try {
    const replacement: Replacement = { database: databaseFile(folder), filesFolder: filesFolderOf(folder) };
    mkdirSync(filesFolderOf(folder), { mode: 0o700 });
    const store = new Store(folder, () => request.now);
    const content = await new Import(archive, store, filesFolderOf(folder)).run().finally(() => store.close());
    chmodSync(replacement.database, 0o600);
    return { ...content, aside: replaceData(request, () => replacement) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
