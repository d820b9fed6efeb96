import { Fault } from "../faults.ts";
import { type Catalog, indexPath } from "../storage/catalog.ts";
import type { Document, Documents, IndexWrite } from "../storage/documents.ts";
import type { Schema } from "../storage/schema.ts";
import type { Store } from "../storage/store.ts";
import { readDocument } from "../storage/stored-document.ts";
import { decodeDocumentId } from "../values/document-id.ts";
import { indexKey } from "../values/index-key.ts";
import { Usage } from "./limits.ts";
import { ReadSet } from "./read-set.ts";

/** One past a key: nothing lies between. */
export const justAfter = (key: Uint8Array): Uint8Array => {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
};

/** What a query reads from: the last commit, or the state that a thread has opened. */
export type QuerySource = Pick<Store, "catalog" | "committed">;

/**
 * What one query or mutation, with everything it calls, has read and written. A mutation's writes are in the open
 * SQLite transaction; this object remembers which index entries they touch.
 */
export class Transaction {
  readonly kind: "query" | "mutation";
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly schema: Schema;
  readonly reads = new ReadSet();
  readonly usage = new Usage();
  readonly writes: IndexWrite[] = [];
  /** Whether the caller's identity was asked for: then the result is theirs alone. */
  hasReadIdentity = false;
  /** Set when it has committed or rolled back: what is left of its functions must not touch the next one. */
  isEnded = false;
  /** Set when the database could not take a write: whatever the function makes of it, nothing is committed. */
  failure: Fault | null = null;
  readonly #store: Store | null;

  constructor(kind: "query", source: QuerySource, schema: Schema);
  constructor(kind: "mutation", source: Store, schema: Schema);
  constructor(kind: "query" | "mutation", source: QuerySource | Store, schema: Schema) {
    this.kind = kind;
    this.catalog = source.catalog;
    this.schema = schema;
    this.#store = kind === "mutation" && "pending" in source ? source : null;
    this.documents = this.#store?.pending ?? source.committed;
  }

  /** The store that a mutation writes to. Throws a fault in a query. */
  get store(): Store {
    if (this.#store === null) throw new Fault("Database", "Queries cannot write to the database.");
    return this.#store;
  }

  /** What a write threw, where it was for want of room; otherwise null. */
  diskFullFault(thrown: unknown): Fault | null {
    return this.#store?.diskFullFault(thrown) ?? null;
  }

  /** The table of an id, null for text that is no id of any table. */
  tableOf(id: string): string | null {
    const decoded = decodeDocumentId(id);
    return decoded === null ? null : (this.catalog.tableByNumber(decoded.tableNumber)?.name ?? null);
  }

  /** The text of the document with this id in this table, or null. */
  getText(table: string, id: string): string | null {
    this.usage.add("databaseQueries", 1);
    const key = indexKey([id]);
    this.reads.add(indexPath(table, "by_id"), { from: key, to: justAfter(key) });
    const stored = this.documents.get(id);
    if (stored === null) return null;
    this.countRead(stored.size);
    return stored.text;
  }

  get(table: string, id: string): Document | null {
    const text = this.getText(table, id);
    return text === null ? null : readDocument(text);
  }

  countRead(size: number): void {
    this.usage.add("documentsRead", 1);
    this.usage.add("bytesRead", size);
  }

  countWrite(size: number): void {
    this.usage.add("documentsWritten", 1);
    this.usage.add("bytesWritten", size);
  }
}
