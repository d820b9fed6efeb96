import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JSONValue } from "convex/values";
import { Transaction } from "../transaction/transaction.ts";
import { insertDocument } from "../transaction/writes.ts";
import { noSchema, type Schema } from "./schema.ts";
import { Store } from "./store.ts";

/** A store in a folder of its own, with the usual steps of a test in one call each. */
export class TestStore {
  readonly folder = mkdtempSync(join(tmpdir(), "convex-store-"));
  readonly schema: Schema;
  store: Store;

  constructor(schema: Schema = noSchema) {
    this.schema = schema;
    this.store = new Store(this.folder);
  }

  /** One committed transaction. */
  write<Result>(step: (transaction: Transaction) => Result): Result {
    const transaction = new Transaction("mutation", this.store, this.schema);
    this.store.begin();
    try {
      const result = step(transaction);
      this.store.commit(transaction.writes, this.store.nextTimestamp());
      return result;
    } finally {
      if (this.store.isOpen) this.store.rollback();
    }
  }

  insert(table: string, ...documents: JSONValue[]): string[] {
    return this.write((transaction) => documents.map((document) => insertDocument(transaction, table, document)));
  }

  /** A table with one index over these fields, named `by_fields`. */
  createTable(table: string, fields: readonly string[]): void {
    this.write(() => {
      this.store.catalog.createIndex(this.store.catalog.ensureTable(table), "by_fields", fields);
    });
  }

  query(): Transaction {
    return new Transaction("query", this.store, this.schema);
  }

  reopen(): void {
    this.store.close();
    this.store = new Store(this.folder);
  }

  close(): void {
    this.store.close();
    rmSync(this.folder, { recursive: true });
  }
}
