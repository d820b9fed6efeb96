import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { diskFullFault, explainFullDisk } from "./disk-full.ts";
import { databaseGone, explainDamage, requireIntact } from "./loss.ts";
import { databaseFile, databaseMadeAt, isDatabaseThere, noteDatabase } from "./presence.ts";

const formatVersion = 3;

/** Beside each row stands a full-text table named after its id (`search-table.ts`). */
const searchDefinition = `
  CREATE TABLE search_indexes (
    id INTEGER PRIMARY KEY,
    table_number INTEGER NOT NULL,
    name TEXT NOT NULL,
    search_field TEXT NOT NULL,
    filter_fields TEXT NOT NULL,
    UNIQUE (table_number, name)
  ) STRICT;
`;

/** `vector`: 32-bit numbers of unit length; `filters`: a word for the value of each filter field. */
const vectorDefinition = `
  CREATE TABLE IF NOT EXISTS vector_indexes (
    id INTEGER PRIMARY KEY,
    table_number INTEGER NOT NULL,
    name TEXT NOT NULL,
    vector_field TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    filter_fields TEXT NOT NULL,
    UNIQUE (table_number, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS vectors (
    index_id INTEGER NOT NULL,
    pk INTEGER NOT NULL,
    filters TEXT NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (index_id, pk)
  ) STRICT;
`;

const definition = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
  CREATE TABLE tables (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY,
    table_number INTEGER NOT NULL,
    name TEXT NOT NULL,
    fields TEXT NOT NULL,
    UNIQUE (table_number, name)
  ) STRICT;
  CREATE TABLE documents (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    size INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    index_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    pk INTEGER NOT NULL,
    PRIMARY KEY (index_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE requests (
    session_id TEXT NOT NULL,
    request_id INTEGER NOT NULL,
    result TEXT NOT NULL,
    ts INTEGER NOT NULL,
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, request_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX requests_by_age ON requests (completed_at);
`;

/**
 * Two connections to one file in WAL mode: `writer` holds the one open transaction, `reader` always sees the last
 * commit; threads that read have connections of their own. Everything the server keeps lies in `<folder>/convex.sqlite` and its WAL.
 */
export interface Database {
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
  close(): void;
}

/** Held for the life of the process and released by the system however the process ends. */
export const lockFolder = (folder: string): DatabaseSync => {
  const lock = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  } catch (cause) {
    lock.close();
    throw new Error(`Another server uses the state folder ${folder}.`, { cause });
  }
  return lock;
};

/** What every connection to the database sets. */
export const connectionSettings = "PRAGMA busy_timeout = 5000";

const connect = (path: string): DatabaseSync => {
  const connection = new DatabaseSync(path);
  try {
    // NORMAL in WAL mode: a killed process loses nothing committed; a power cut may lose the last commits, in order.
    connection.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${connectionSettings}`);
    return connection;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};

export const versionOf = (connection: DatabaseSync): number =>
  Number(connection.prepare("PRAGMA user_version").get()?.user_version ?? 0);

/** Refuses a format that is newer than this server's. */
export const requireKnownFormat = (version: number): void => {
  if (version <= formatVersion) return;
  throw new Error(`The database has format ${version}; this server reads formats up to ${formatVersion}.`);
};

const prepare = (connection: DatabaseSync, version: number): void => {
  if (version === formatVersion) return;
  const steps = [
    ...(version < 1 ? [definition] : []),
    ...(version < 2 ? [searchDefinition] : []),
    ...(version < 3 ? [vectorDefinition] : []),
  ].join(" ");
  connection.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${formatVersion}; COMMIT`);
};

const isMarkedAsOpen = (connection: DatabaseSync): boolean =>
  connection.prepare("SELECT value FROM meta WHERE key = 'is_open'").get()?.value === 1;
const markAsOpen = (connection: DatabaseSync, isOpen: boolean): void => {
  connection.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('is_open', ?)").run(isOpen ? 1 : 0);
};

/** Where the disk has no room for the mark, the next start reads every page, as after a sudden end. */
const markAsClosed = (connection: DatabaseSync, folder: string): void => {
  try {
    markAsOpen(connection, false);
  } catch (thrown) {
    if (diskFullFault(thrown, folder) === null) throw thrown;
  }
};

export interface OpenOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Called with the way to the database before its format is brought up to date; what it throws ends the opening. */
  readonly beforeMigration?: (connection: DatabaseSync) => void;
}

const openIn = (folder: string, { now, beforeMigration }: OpenOptions, lock: DatabaseSync): Database => {
  const path = databaseFile(folder);
  const isExpected = databaseMadeAt(folder) !== null;
  if (isExpected && !isDatabaseThere(folder)) throw databaseGone(path);
  const writer = connect(path);
  try {
    const version = versionOf(writer);
    requireKnownFormat(version);
    if (isExpected && version === 0) throw databaseGone(path);
    if (version > 0 && isMarkedAsOpen(writer)) requireIntact(writer, path);
    if (version > 0 && version < formatVersion) beforeMigration?.(writer);
    prepare(writer, version);
    markAsOpen(writer, true);
    noteDatabase(folder, now);
    const reader = connect(path);
    return {
      writer,
      reader,
      close() {
        reader.close();
        if (!writer.isTransaction) markAsClosed(writer, folder);
        writer.close();
        lock.close();
      },
    };
  } catch (thrown) {
    writer.close();
    throw thrown;
  }
};

/**
 * Opens or creates the database in `folder`. Throws when another process has it open, and a `DatabaseLostError` when it
 * is gone or damaged: after an end that was none of ours every page is read first.
 */
export const openDatabase = (folder: string, options: OpenOptions): Database => {
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  try {
    return openIn(folder, options, lock);
  } catch (thrown) {
    lock.close();
    throw explainDamage(databaseFile(folder), explainFullDisk(thrown, folder));
  }
};
