import type { DatabaseSync } from "node:sqlite";

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
    for (const row of this.#connection.prepare("SELECT number, name FROM tables").all()) {
      this.#addTable({ number: Number(row.number), name: String(row.name) });
    }
    for (const row of this.#connection.prepare("SELECT id, table_number, name, fields FROM indexes").all()) {
      const table = this.#tablesByNumber.get(Number(row.table_number));
      if (table !== undefined) this.#addIndex(Number(row.id), table, String(row.name), JSON.parse(String(row.fields)));
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

  /** Finds the table, or creates it with its built-in indexes inside the open transaction. */
  ensureTable(name: string): Table {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const isSystem = name.startsWith("_");
    const first = isSystem ? firstSystemTable : firstUserTable;
    const row = this.#connection
      .prepare("SELECT max(number) AS last FROM tables WHERE number >= ? AND number < ?")
      .get(first, isSystem ? firstUserTable : Number.MAX_SAFE_INTEGER);
    const table = { number: row?.last == null ? first : Number(row.last) + 1, name };
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

  #addIndex(id: number, table: Table, name: string, fields: readonly string[]): Index {
    const index = { id, table, name, fields, keyFields: keyFieldsOf(fields), path: indexPath(table.name, name) };
    this.#indexes.set(index.path, index);
    this.#indexesByTable.get(table.name)?.push(index);
    return index;
  }
}

export const isBuiltInIndex = (name: string): boolean => builtIn.some(([known]) => known === name);
