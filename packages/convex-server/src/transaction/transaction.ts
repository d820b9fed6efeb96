import { indexPath } from "../storage/catalog.ts";
import type { Document, Documents, IndexWrite } from "../storage/documents.ts";
import { readDocument } from "../storage/migration.ts";
import type { Schema } from "../storage/schema.ts";
import type { Store } from "../storage/store.ts";
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

/**
 * What one query or mutation, with everything it calls, has read and written. A mutation's writes are in the open
 * SQLite transaction; this object remembers which index entries they touch.
 */
export class Transaction {
  readonly kind: "query" | "mutation";
  readonly store: Store;
  readonly schema: Schema;
  readonly reads = new ReadSet();
  readonly usage = new Usage();
  readonly writes: IndexWrite[] = [];
  /** Whether the caller's identity was asked for: then the result is theirs alone. */
  hasReadIdentity = false;
  /** Whether a commit has changed something that was read before it. */
  isInvalidated = false;
  /** Set when it has committed or rolled back: what is left of its functions must not touch the next one. */
  isEnded = false;
  readonly #documents: Documents;

  constructor(kind: "query" | "mutation", store: Store, schema: Schema) {
    this.kind = kind;
    this.store = store;
    this.schema = schema;
    this.#documents = kind === "mutation" ? store.pending : store.committed;
  }

  get documents(): Documents {
    return this.#documents;
  }

  /** The table of an id, null for text that is no id of any table. */
  tableOf(id: string): string | null {
    const decoded = decodeDocumentId(id);
    return decoded === null ? null : (this.store.catalog.tableByNumber(decoded.tableNumber)?.name ?? null);
  }

  /** The text of the document with this id in this table, or null. */
  getText(table: string, id: string): string | null {
    this.usage.add("databaseQueries", 1);
    const key = indexKey([id]);
    this.reads.add(indexPath(table, "by_id"), { from: key, to: justAfter(key) });
    const stored = this.#documents.get(id);
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
