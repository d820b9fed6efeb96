import { Buffer } from "node:buffer";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { convexToJson, getDocumentSize, type Value } from "convex/values";
import type { ByteRange } from "../values/bytes.ts";
import { valueAt } from "../values/field-path.ts";
import { indexKey } from "../values/index-key.ts";
import type { Catalog, Index } from "./catalog.ts";
import { SearchEntries, searchKey } from "./search-entries.ts";
import { VectorEntries } from "./vector-entries.ts";

/** A document with its system fields, as functions see it. */
export type Document = Record<string, Value> & { readonly _id: string; readonly _creationTime: number };

export interface StoredDocument {
  /** Convex-encoded JSON text. */
  readonly text: string;
  /** Bytes, by Convex's way of counting. */
  readonly size: number;
}

export interface ScannedDocument extends StoredDocument {
  readonly key: Uint8Array;
}

/** One index entry that a write added or removed. */
export interface IndexWrite {
  /** "table.index". */
  readonly index: string;
  readonly key: Uint8Array;
}

export type Order = "asc" | "desc";

export const keyOf = (index: Index, document: Value): Uint8Array =>
  indexKey(index.keyFields.map((field) => valueAt(document, field)));

const textOf = (document: Document): string => JSON.stringify(convexToJson(document));

const scanSql = (order: Order, isBounded: boolean): string =>
  `SELECT e.key AS key, d.document AS document, d.size AS size
   FROM entries e CROSS JOIN documents d ON d.pk = e.pk
   WHERE e.index_id = ? AND e.key >= ? ${isBounded ? "AND e.key < ?" : ""}
   ORDER BY e.key ${order} LIMIT ?`;

const bytesOf = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());

/** Documents and index entries through one connection. */
export class Documents {
  readonly search: SearchEntries;
  readonly vectors: VectorEntries;
  readonly #catalog: Catalog;
  readonly #get: StatementSync;
  readonly #count: StatementSync;
  readonly #countIn: StatementSync;
  readonly #scan: Record<Order, { readonly bounded: StatementSync; readonly open: StatementSync }>;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #addEntry: StatementSync;
  readonly #removeEntry: StatementSync;

  constructor(connection: DatabaseSync, catalog: Catalog) {
    this.#catalog = catalog;
    this.search = new SearchEntries(connection);
    this.vectors = new VectorEntries(connection);
    this.#get = connection.prepare("SELECT document, size FROM documents WHERE id = ?");
    this.#count = connection.prepare("SELECT count(*) AS total FROM entries WHERE index_id = ?");
    this.#countIn = connection.prepare(
      "SELECT count(*) AS total FROM (SELECT 1 FROM entries WHERE index_id = ? AND key >= ? AND key < ? LIMIT ?)",
    );
    const scan = (order: Order) => ({
      bounded: connection.prepare(scanSql(order, true)),
      open: connection.prepare(scanSql(order, false)),
    });
    this.#scan = { asc: scan("asc"), desc: scan("desc") };
    this.#insert = connection.prepare("INSERT INTO documents (id, document, size) VALUES (?, ?, ?)");
    this.#update = connection.prepare("UPDATE documents SET document = ?, size = ? WHERE id = ? RETURNING pk");
    this.#remove = connection.prepare("DELETE FROM documents WHERE id = ? RETURNING pk");
    this.#addEntry = connection.prepare("INSERT INTO entries (index_id, key, pk) VALUES (?, ?, ?)");
    this.#removeEntry = connection.prepare("DELETE FROM entries WHERE index_id = ? AND key = ?");
  }

  get(id: string): StoredDocument | null {
    const row = this.#get.get(id);
    return row === undefined ? null : { text: String(row.document), size: Number(row.size) };
  }

  count(index: Index): number {
    return Number(this.#count.get(index.id)?.total ?? 0);
  }

  /** How many keys lie in `range`, counted up to `max`. */
  countIn(index: Index, { from, to }: ByteRange, max: number): number {
    return Number(this.#countIn.get(index.id, from, to ?? new Uint8Array([0xff]), max)?.total ?? 0);
  }

  /** Up to `limit` documents whose key lies in `range`, in key order. */
  scan(index: Index, range: ByteRange, order: Order, limit: number): ScannedDocument[] {
    const { bounded, open } = this.#scan[order];
    const rows =
      range.to === null ? open.all(index.id, range.from, limit) : bounded.all(index.id, range.from, range.to, limit);
    return rows.map((row) => ({ key: bytesOf(row.key), text: String(row.document), size: Number(row.size) }));
  }

  insert(table: string, document: Document): IndexWrite[] {
    const { lastInsertRowid } = this.#insert.run(document._id, textOf(document), getDocumentSize(document));
    const writes = this.#catalog.indexesOf(table).map((index) => {
      const key = keyOf(index, document);
      this.#addEntry.run(index.id, key, lastInsertRowid);
      return { index: index.path, key };
    });
    for (const index of this.#catalog.searchIndexesOf(table)) {
      this.search.add(index, lastInsertRowid, document);
      writes.push({ index: index.path, key: searchKey(index, document) });
    }
    for (const index of this.#catalog.vectorIndexesOf(table)) this.vectors.add(index, lastInsertRowid, document);
    return writes;
  }

  replace(table: string, before: Document, after: Document): IndexWrite[] {
    const row = this.#update.get(textOf(after), getDocumentSize(after), after._id);
    const pk = Number(row?.pk);
    const writes: IndexWrite[] = [];
    for (const index of this.#catalog.indexesOf(table)) {
      const oldKey = keyOf(index, before);
      const newKey = keyOf(index, after);
      writes.push({ index: index.path, key: oldKey });
      if (Buffer.compare(oldKey, newKey) === 0) continue;
      this.#removeEntry.run(index.id, oldKey);
      this.#addEntry.run(index.id, newKey, pk);
      writes.push({ index: index.path, key: newKey });
    }
    for (const index of this.#catalog.searchIndexesOf(table)) {
      writes.push({ index: index.path, key: searchKey(index, before) });
      if (this.search.isSame(index, before, after)) continue;
      this.search.remove(index, pk);
      this.search.add(index, pk, after);
      writes.push({ index: index.path, key: searchKey(index, after) });
    }
    for (const index of this.#catalog.vectorIndexesOf(table)) this.vectors.replace(index, pk, before, after);
    return writes;
  }

  remove(table: string, document: Document): IndexWrite[] {
    const writes = this.#catalog.indexesOf(table).map((index) => {
      const key = keyOf(index, document);
      this.#removeEntry.run(index.id, key);
      return { index: index.path, key };
    });
    const pk = Number(this.#remove.get(document._id)?.pk);
    for (const index of this.#catalog.searchIndexesOf(table)) {
      this.search.remove(index, pk);
      writes.push({ index: index.path, key: searchKey(index, document) });
    }
    for (const index of this.#catalog.vectorIndexesOf(table)) this.vectors.remove(index, pk);
    return writes;
  }
}
