import type { StatementSync } from "node:sqlite";
import type { Fault } from "../faults.ts";
import { Catalog, type Table } from "./catalog.ts";
import { connectionSettings, type Database, type OpenOptions, openDatabase } from "./database.ts";
import { diskFullFault } from "./disk-full.ts";
import { Documents, type IndexWrite } from "./documents.ts";
import { StoredRequests } from "./stored-requests.ts";

/** Told of every commit, in order, before anything else can read or write. */
export type CommitListener = (writes: readonly IndexWrite[], timestamp: bigint) => void;

/** How far a client's clock may be ahead of ours before its timestamp is refused, in nanoseconds. */
const aheadMax = 3_600_000_000_000n;

const validatorKey = ({ number }: Table): string => `validator_${number}`;

/**
 * The database and its clock. One write transaction at a time, which its owner begins and ends; reads between
 * transactions see the last commit.
 */
export class Store {
  readonly catalog: Catalog;
  /** Sees the last commit only. */
  readonly committed: Documents;
  /** Sees the open transaction as well. */
  readonly pending: Documents;
  readonly requests: StoredRequests;
  readonly #database: Database;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #listeners = new Set<CommitListener>();
  readonly #saveClock: StatementSync;
  readonly #saveCatalogVersion: StatementSync;
  #latest: bigint;
  #lastCreationTime: number;
  #savepoints = 0;
  #catalogVersion = 0;

  /** `now` is in milliseconds since 1970. */
  constructor(
    folder: string,
    now: () => number = Date.now,
    beforeMigration: OpenOptions["beforeMigration"] = () => undefined,
  ) {
    this.#database = openDatabase(folder, { now: now(), beforeMigration });
    this.#folder = folder;
    this.#now = now;
    const { writer, reader } = this.#database;
    this.catalog = new Catalog(writer);
    this.committed = new Documents(reader, this.catalog);
    this.pending = new Documents(writer, this.catalog);
    this.requests = new StoredRequests(writer);
    this.#saveClock = writer.prepare(
      "INSERT OR REPLACE INTO meta (key, value) VALUES ('latest_ts', ?), ('last_creation_time', ?)",
    );
    this.#saveCatalogVersion = writer.prepare(
      "INSERT INTO meta (key, value) VALUES ('catalog_version', 1) ON CONFLICT DO UPDATE SET value = value + 1",
    );
    const read = writer.prepare("SELECT value FROM meta WHERE key = ?");
    this.#lastCreationTime = Number(read.get("last_creation_time")?.value ?? 0);
    read.setReadBigInts(true);
    const saved = read.get("latest_ts")?.value;
    this.#latest = this.#notBefore(typeof saved === "bigint" ? saved : 0n);
  }

  /** Timestamp of the state that reads see. */
  get latestTimestamp(): bigint {
    return this.#latest;
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Makes sure that no answer is older than what a client saw before. False when its timestamp is not credible. */
  observe(timestamp: bigint): boolean {
    if (timestamp <= this.#latest) return true;
    if (timestamp > this.#clock() + aheadMax) return false;
    this.#latest = timestamp;
    return true;
  }

  /** Milliseconds since 1970, larger than every one before, also where the clock has been set back. */
  nextCreationTime(): number {
    const now = this.#now();
    this.#lastCreationTime = now > this.#lastCreationTime ? now : this.#lastCreationTime + 0.001;
    return this.#lastCreationTime;
  }

  /** A document was made at that time, elsewhere: later ones here come after it. */
  noteCreationTime(time: number): void {
    this.#lastCreationTime = Math.max(this.#lastCreationTime, time);
  }

  /** What was thrown, in words for the caller where it was for want of room; otherwise null. */
  diskFullFault(thrown: unknown): Fault | null {
    return diskFullFault(thrown, this.#folder);
  }

  begin(): void {
    this.#database.writer.exec("BEGIN IMMEDIATE");
    this.#catalogVersion = this.catalog.version;
  }

  /** The timestamp the open transaction will have if it commits writes now. */
  nextTimestamp(): bigint {
    return this.#notBefore(this.#latest + 1n);
  }

  /** Whether a transaction has begun and not ended. */
  get isOpen(): boolean {
    return this.#database.writer.isTransaction;
  }

  /** Ends the transaction, tells `first`, then the listeners. Without writes the timestamp does not move. */
  commit(writes: readonly IndexWrite[], timestamp: bigint, first: () => void = () => undefined): void {
    if (writes.length > 0) this.#saveClock.run(timestamp, this.#lastCreationTime);
    // Threads with a connection of their own read by it that tables or indexes have changed.
    if (this.catalog.version !== this.#catalogVersion) this.#saveCatalogVersion.run();
    this.#database.writer.exec("COMMIT");
    this.#savepoints = 0;
    this.#catalogVersion = this.catalog.version;
    if (writes.length > 0) this.#latest = timestamp;
    first();
    if (writes.length === 0) return;
    for (const listener of this.#listeners) listener(writes, timestamp);
  }

  /** Undoes what has not been committed; SQLite may have done so itself when a write failed. */
  rollback(): void {
    if (this.isOpen) this.#database.writer.exec("ROLLBACK");
    this.#savepoints = 0;
    this.#undoCatalog();
  }

  /** Starts a part of the open transaction that can be undone alone. */
  savepoint(): string {
    this.#savepoints += 1;
    const name = `part_${this.#savepoints}`;
    this.#database.writer.exec(`SAVEPOINT ${name}`);
    return name;
  }

  release(savepoint: string): void {
    this.#database.writer.exec(`RELEASE ${savepoint}`);
  }

  rollbackTo(savepoint: string): void {
    this.#database.writer.exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
    this.#undoCatalog();
  }

  /** A random value that is made once and kept in the database. */
  secret(name: string, make: () => Uint8Array): Uint8Array {
    const { writer } = this.#database;
    const kept = writer.prepare("SELECT value FROM meta WHERE key = ?").get(name)?.value;
    if (kept instanceof Uint8Array) return kept;
    const made = make();
    writer.prepare("INSERT INTO meta (key, value) VALUES (?, ?)").run(name, made);
    return made;
  }

  get hasDocuments(): boolean {
    return this.#database.writer.prepare("SELECT 1 FROM documents LIMIT 1").get() !== undefined;
  }

  /** Digest of the functions that ran here last; null before any did. */
  get codeDigest(): string | null {
    const kept = this.#database.writer.prepare("SELECT value FROM meta WHERE key = 'code_digest'").get()?.value;
    return typeof kept === "string" ? kept : null;
  }

  noteCode(digest: string): void {
    this.#database.writer.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('code_digest', ?)").run(digest);
  }

  /** Digest of the validator that all documents of a table fit; null where that is not known. */
  validatorOf(table: Table): string | null {
    const kept = this.#database.writer.prepare("SELECT value FROM meta WHERE key = ?").get(validatorKey(table))?.value;
    return typeof kept === "string" ? kept : null;
  }

  /** Inside the open transaction. */
  noteValidator(table: Table, digest: string | null): void {
    const { writer } = this.#database;
    if (digest === null) writer.prepare("DELETE FROM meta WHERE key = ?").run(validatorKey(table));
    else writer.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(validatorKey(table), digest);
  }

  /** How far the filling of an index has come: the last key of its table's ids; null before the first. */
  buildProgress(note: string): Uint8Array | "done" | null {
    const kept = this.#database.writer.prepare("SELECT value FROM meta WHERE key = ?").get(note)?.value;
    return kept instanceof Uint8Array || kept === "done" ? kept : null;
  }

  /** Inside the open transaction. */
  noteBuild(note: string, progress: Uint8Array | "done" | null): void {
    const { writer } = this.#database;
    if (progress === null) writer.prepare("DELETE FROM meta WHERE key = ?").run(note);
    else writer.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(note, progress);
  }

  /** For code that reads or writes rows which are no documents; only inside a transaction. */
  get connection(): Database["writer"] {
    return this.#database.writer;
  }

  /** Moves what the write-ahead log holds to the database and empties it, unless somebody reads or writes just now. */
  beginLogAnew(): void {
    const { reader } = this.#database;
    // Whoever finds it busy comes again, instead of waiting for as long as a connection otherwise does.
    reader.exec("PRAGMA busy_timeout = 0");
    try {
      reader.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      reader.exec(connectionSettings);
    }
  }

  close(): void {
    this.#database.close();
  }

  #clock(): bigint {
    return BigInt(Math.floor(this.#now())) * 1_000_000n;
  }

  #notBefore(timestamp: bigint): bigint {
    const clock = this.#clock();
    return clock > timestamp ? clock : timestamp;
  }

  #undoCatalog(): void {
    if (this.catalog.version !== this.#catalogVersion) {
      this.catalog.reload();
      this.#catalogVersion = this.catalog.version;
    }
  }
}
