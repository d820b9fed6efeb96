import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable, Writable } from "node:stream";
import { ZipWriter } from "@zip.js/zip.js";
import { jsonToConvex, type Value } from "convex/values";
import { filesTable } from "../files/file-table.ts";
import { Catalog, type Table } from "../storage/catalog.ts";
import { requireKnownFormat, versionOf } from "../storage/database.ts";
import { databaseFile, filesFolderOf, isDatabaseThere } from "../storage/presence.ts";
import { documentsEntry, encodingEntry, fileEntry, readme, tablesTable, uniformEncoding } from "./archive-entries.ts";
import { valueText } from "./archive-values.ts";

export interface ExportRequest {
  readonly stateFolder: string;
  /** Where the archive is to be; nothing may be there yet. */
  readonly file: string;
  /** Whether stored files go along; they do unless told otherwise. */
  readonly hasFiles?: boolean;
}

/** How much an archive holds. */
export interface ArchiveContent {
  readonly tables: number;
  readonly documents: number;
  readonly files: number;
}

type FileDocument = { readonly [field: string]: Value | undefined; readonly _id: string };

/** All documents of a table in the order of their making, as of the open transaction. */
function* documentsOf(database: DatabaseSync, catalog: Catalog, { name }: Table): Generator<FileDocument> {
  const index = catalog.index(name, "by_creation_time");
  const rows = database
    .prepare(
      "SELECT d.document AS text FROM entries e CROSS JOIN documents d ON d.pk = e.pk WHERE e.index_id = ? ORDER BY e.key",
    )
    .iterate(index?.id ?? -1);
  for (const { text } of rows) yield jsonToConvex(JSON.parse(String(text))) as FileDocument;
}

/** As Convex's own exports say what a file is. */
const fileLine = ({ _id, _creationTime, sha256, size, contentType }: FileDocument): string =>
  JSON.stringify({
    _id,
    _creationTime,
    sha256: Buffer.from(String(sha256), "hex").toString("base64"),
    size,
    ...(contentType === undefined ? {} : { contentType }),
  });

const streamOf = (pieces: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>): ReadableStream =>
  Readable.toWeb(Readable.from(pieces, { objectMode: false })) as ReadableStream;

const lines = function* (
  documents: Iterable<FileDocument>,
  lineOf: (document: FileDocument) => string,
  seen: () => void,
) {
  for (const document of documents) {
    seen();
    yield `${lineOf(document)}\n`;
  }
};

const writeArchive = async (
  database: DatabaseSync,
  filesFolder: string | null,
  out: Writable,
): Promise<ArchiveContent> => {
  const catalog = new Catalog(database);
  const tables = [...catalog.tables()].filter(({ name }) => !name.startsWith("_") || name === filesTable);
  const zip = new ZipWriter(Writable.toWeb(out), { useWebWorkers: false });
  let documents = 0;
  let files = 0;
  const seen = (): void => {
    documents += 1;
  };
  await zip.add("README.md", streamOf([readme]));
  const numbers = tables.map(({ name, number }) => `${JSON.stringify({ name, id: number })}\n`);
  await zip.add(documentsEntry(tablesTable), streamOf(numbers));
  for (const table of tables.filter(({ name }) => name !== filesTable)) {
    await zip.add(encodingEntry(table.name), streamOf([`${JSON.stringify(uniformEncoding)}\n`]));
    await zip.add(documentsEntry(table.name), streamOf(lines(documentsOf(database, catalog, table), valueText, seen)));
  }
  const stored = catalog.table(filesTable);
  if (stored !== undefined && filesFolder !== null) {
    const ofFiles = () => documentsOf(database, catalog, stored);
    await zip.add(documentsEntry(filesTable), streamOf(lines(ofFiles(), fileLine, () => undefined)));
    for (const { _id } of ofFiles()) {
      const path = join(filesFolder, _id);
      if (!existsSync(path)) throw new Error(`The stored file ${_id} has just been deleted. Export again.`);
      await zip.add(fileEntry(_id), streamOf(createReadStream(path)));
      files += 1;
    }
  }
  await zip.close();
  return { tables: tables.length - (stored === undefined ? 0 : 1), documents, files };
};

/**
 * Writes all documents and stored files as they are at this moment, also while a server runs, into the archive that
 * `convex import` takes. Throws where there is nothing to export, or something at its place.
 */
export const exportArchive = async ({ stateFolder, file, hasFiles = true }: ExportRequest): Promise<ArchiveContent> => {
  if (!isDatabaseThere(stateFolder)) throw new Error(`There is nothing to export in ${stateFolder}.`);
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) throw new Error(`${file} is there already.`);
  const unfinished = `${file}.unfinished`;
  const database = new DatabaseSync(databaseFile(stateFolder), { readOnly: true, timeout: 5_000 });
  try {
    requireKnownFormat(versionOf(database));
    // One state of everything, whatever is written meanwhile.
    database.exec("BEGIN");
    const out = createWriteStream(unfinished, { flags: "w", mode: 0o600 });
    const content = await writeArchive(database, hasFiles ? filesFolderOf(stateFolder) : null, out);
    renameSync(unfinished, file);
    return content;
  } finally {
    database.close();
    rmSync(unfinished, { force: true });
  }
};
