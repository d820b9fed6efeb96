import type { DatabaseSync } from "node:sqlite";
import type { SearchIndexSpec, VectorIndexSpec } from "./schema.ts";
import { createEntries, dropEntries } from "./search-table.ts";

export interface Table {
  readonly number: number;
  readonly name: string;
}

export interface Index {
  /** Number under which its entries are stored. */
  readonly id: number;
  readonly table: Table;
  readonly name: string;
  /** The fields as declared. */
  readonly fields: readonly string[];
  /** The fields that make up a key: the declared ones, then what makes a key unique. */
  readonly keyFields: readonly string[];
  /** "table.index", as read and write sets name it. */
  readonly path: string;
}

/** A search index; its entries are the rows of the full-text table of its number. */
export interface SearchIndex {
  readonly id: number;
  readonly table: Table;
  readonly name: string;
  readonly searchField: string;
  readonly filterFields: readonly string[];
  /** "table.index", as read and write sets name it. */
  readonly path: string;
}

/** A vector index; its entries are the rows of `vectors` with its number. */
export interface VectorIndex extends VectorIndexSpec {
  readonly id: number;
  readonly table: Table;
}

const firstUserTable = 10_001;
/** From here on a table number takes two bytes in an id, which makes ids 32 characters long. */
const firstSystemTable = 128;

const builtIn: ReadonlyArray<readonly [string, readonly string[]]> = [
  ["by_id", ["_id"]],
  ["by_creation_time", ["_creationTime"]],
];

const keyFieldsOf = (fields: readonly string[]): readonly string[] => {
  if (fields.includes("_id")) return fields;
  return fields.includes("_creationTime") ? [...fields, "_id"] : [...fields, "_creationTime", "_id"];
};

export const indexPath = (table: string, index: string): string => `${table}.${index}`;

/** Which tables and indexes exist, with their stored numbers. Kept in memory, written through the writer. */
export class Catalog {
  readonly #connection: DatabaseSync;
  #tables = new Map<string, Table>();
  #tablesByNumber = new Map<number, Table>();
  #indexes = new Map<string, Index>();
  #indexesByTable = new Map<string, Index[]>();
  #searchIndexesByTable = new Map<string, SearchIndex[]>();
  #vectorIndexesByTable = new Map<string, VectorIndex[]>();
  #version = 0;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.reload();
  }

  /** Grows with every change, also with those that a rollback undoes. */
  get version(): number {
    return this.#version;
  }

  /** Reads everything again; needed after a rollback of changes. */
  reload(): void {
    this.#version += 1;
    this.#tables = new Map();
    this.#tablesByNumber = new Map();
    this.#indexes = new Map();
    this.#indexesByTable = new Map();
    this.#searchIndexesByTable = new Map();
    this.#vectorIndexesByTable = new Map();
    for (const row of this.#connection.prepare("SELECT number, name FROM tables").all()) {
      this.#addTable({ number: Number(row.number), name: String(row.name) });
    }
    for (const row of this.#connection.prepare("SELECT id, table_number, name, fields FROM indexes").all()) {
      const table = this.#tablesByNumber.get(Number(row.table_number));
      if (table !== undefined) this.#addIndex(Number(row.id), table, String(row.name), JSON.parse(String(row.fields)));
    }
    this.#readSearchIndexes();
    this.#readVectorIndexes();
  }

  #readVectorIndexes(): void {
    // An export also reads a database that this version of the server has not brought up to date.
    const isThere = this.#connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'vector_indexes'").get();
    if (isThere === undefined) return;
    for (const row of this.#connection.prepare("SELECT * FROM vector_indexes").all()) {
      const table = this.#tablesByNumber.get(Number(row.table_number));
      if (table === undefined) continue;
      this.#addVectorIndex(Number(row.id), table, {
        name: String(row.name),
        vectorField: String(row.vector_field),
        dimensions: Number(row.dimensions),
        filterFields: JSON.parse(String(row.filter_fields)),
      });
    }
  }

  #readSearchIndexes(): void {
    const rows = this.#connection
      .prepare("SELECT id, table_number, name, search_field, filter_fields FROM search_indexes")
      .all();
    for (const row of rows) {
      const table = this.#tablesByNumber.get(Number(row.table_number));
      const filterFields: string[] = JSON.parse(String(row.filter_fields));
      const searchField = String(row.search_field);
      if (table !== undefined)
        this.#addSearchIndex(Number(row.id), table, { name: String(row.name), searchField, filterFields });
    }
  }

  tables(): IterableIterator<Table> {
    return this.#tables.values();
  }

  table(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  tableByNumber(number: number): Table | undefined {
    return this.#tablesByNumber.get(number);
  }

  index(table: string, name: string): Index | undefined {
    return this.#indexes.get(indexPath(table, name));
  }

  indexesOf(table: string): readonly Index[] {
    return this.#indexesByTable.get(table) ?? [];
  }

  searchIndexesOf(table: string): readonly SearchIndex[] {
    return this.#searchIndexesByTable.get(table) ?? [];
  }

  searchIndex(table: string, name: string): SearchIndex | undefined {
    return this.searchIndexesOf(table).find((index) => index.name === name);
  }

  /** Adds a search index without entries; filling it is up to the caller. */
  createSearchIndex(table: Table, spec: SearchIndexSpec): SearchIndex {
    const { lastInsertRowid } = this.#connection
      .prepare("INSERT INTO search_indexes (table_number, name, search_field, filter_fields) VALUES (?, ?, ?, ?)")
      .run(table.number, spec.name, spec.searchField, JSON.stringify(spec.filterFields));
    const index = this.#addSearchIndex(Number(lastInsertRowid), table, spec);
    this.#connection.exec(createEntries(index));
    this.#version += 1;
    return index;
  }

  dropSearchIndex(index: SearchIndex): void {
    this.#connection.exec(dropEntries(index));
    this.#connection.prepare("DELETE FROM search_indexes WHERE id = ?").run(index.id);
    this.reload();
  }

  vectorIndexesOf(table: string): readonly VectorIndex[] {
    return this.#vectorIndexesByTable.get(table) ?? [];
  }

  /** Adds a vector index without entries; filling it is up to the caller. */
  createVectorIndex(table: Table, spec: VectorIndexSpec): VectorIndex {
    const { name, vectorField, dimensions, filterFields } = spec;
    const { lastInsertRowid } = this.#connection
      .prepare(
        "INSERT INTO vector_indexes (table_number, name, vector_field, dimensions, filter_fields) VALUES (?, ?, ?, ?, ?)",
      )
      .run(table.number, name, vectorField, dimensions, JSON.stringify(filterFields));
    this.#version += 1;
    return this.#addVectorIndex(Number(lastInsertRowid), table, spec);
  }

  renameIndex(kind: "indexes" | "search_indexes" | "vector_indexes", id: number, name: string): void {
    this.#connection.prepare(`UPDATE ${kind} SET name = ? WHERE id = ?`).run(name, id);
    this.reload();
  }

  dropVectorIndex(index: VectorIndex): void {
    this.#connection.prepare("DELETE FROM vectors WHERE index_id = ?").run(index.id);
    this.#connection.prepare("DELETE FROM vector_indexes WHERE id = ?").run(index.id);
    this.reload();
  }

  #addVectorIndex(id: number, table: Table, spec: VectorIndexSpec): VectorIndex {
    const index = { id, table, ...spec };
    this.#vectorIndexesByTable.set(table.name, [...this.vectorIndexesOf(table.name), index]);
    return index;
  }

  /** Finds the table, or creates it with its built-in indexes inside the open transaction. */
  ensureTable(name: string): Table {
    return this.#tables.get(name) ?? this.createTable(name, this.#nextNumber(name));
  }

  #nextNumber(name: string): number {
    const isSystem = name.startsWith("_");
    const first = isSystem ? firstSystemTable : firstUserTable;
    const row = this.#connection
      .prepare("SELECT max(number) AS last FROM tables WHERE number >= ? AND number < ?")
      .get(first, isSystem ? firstUserTable : Number.MAX_SAFE_INTEGER);
    return row?.last == null ? first : Number(row.last) + 1;
  }

  /** Creates a table whose ids have that number; neither name nor number may be known. */
  createTable(name: string, number: number): Table {
    const table = { number, name };
    this.#connection.prepare("INSERT INTO tables (number, name) VALUES (?, ?)").run(table.number, name);
    this.#addTable(table);
    for (const [index, fields] of builtIn) this.createIndex(table, index, fields);
    this.#version += 1;
    return table;
  }

  /** Adds an index without entries; filling it is up to the caller. */
  createIndex(table: Table, name: string, fields: readonly string[]): Index {
    const { lastInsertRowid } = this.#connection
      .prepare("INSERT INTO indexes (table_number, name, fields) VALUES (?, ?, ?)")
      .run(table.number, name, JSON.stringify(fields));
    this.#version += 1;
    return this.#addIndex(Number(lastInsertRowid), table, name, fields);
  }

  dropIndex(index: Index): void {
    this.#connection.prepare("DELETE FROM entries WHERE index_id = ?").run(index.id);
    this.#connection.prepare("DELETE FROM indexes WHERE id = ?").run(index.id);
    this.reload();
  }

  #addTable(table: Table): void {
    this.#tables.set(table.name, table);
    this.#tablesByNumber.set(table.number, table);
    this.#indexesByTable.set(table.name, []);
  }

  #addSearchIndex(id: number, table: Table, { name, searchField, filterFields }: SearchIndexSpec): SearchIndex {
    const index = { id, table, name, searchField, filterFields, path: indexPath(table.name, name) };
    this.#searchIndexesByTable.set(table.name, [...this.searchIndexesOf(table.name), index]);
    return index;
  }

  #addIndex(id: number, table: Table, name: string, fields: readonly string[]): Index {
    const index = { id, table, name, fields, keyFields: keyFieldsOf(fields), path: indexPath(table.name, name) };
    this.#indexes.set(index.path, index);
    this.#indexesByTable.get(table.name)?.push(index);
    return index;
  }
}

export const isBuiltInIndex = (name: string): boolean => builtIn.some(([known]) => known === name);
