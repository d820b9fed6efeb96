import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Fault } from "../faults.ts";
import { explainMismatch, findMismatch } from "../functions/validator.ts";
import { indexPath, type Table } from "./catalog.ts";
import type { Schema, TableSpec } from "./schema.ts";
import type { Store } from "./store.ts";
import { readDocument, withoutSystemFields } from "./stored-document.ts";
import { tableOfId } from "./table-of-id.ts";

/** Documents that are checked in one turn; others write between two of them. */
const sliceSize = 200;

/** Tells one validator from another. */
export const digestOf = (spec: TableSpec): string =>
  createHash("sha256").update(JSON.stringify(spec.validator)).digest("hex");

/** Throws a fault, which says what to do, unless the document fits. */
export const requireFit = (store: Store, table: string, spec: TableSpec, text: string): void => {
  const document = readDocument(text);
  const mismatch = findMismatch(spec.validator, withoutSystemFields(document), tableOfId(store.catalog));
  if (mismatch === null) return;
  throw new Fault(
    "SchemaValidation",
    `Document with ID "${document._id}" in table "${table}" does not match the schema: ${explainMismatch(mismatch)}`,
  );
};

/** What of a schema has been checked before it takes over. */
export class SchemaChecks {
  readonly #store: Store;
  /** Digests of the validators that the documents of a table fit, as far as nobody has written since. */
  readonly #digests = new Map<string, string>();
  /** Keys of the documents that were written since, in each of these tables' index of ids. */
  readonly #written = new Map<string, Map<string, Uint8Array>>();
  readonly #stop: () => void;

  private constructor(store: Store) {
    this.#store = store;
    this.#stop = store.onCommit((writes) => {
      for (const { index, key } of writes) this.#written.get(index)?.set(Buffer.from(key).toString("latin1"), key);
    });
  }

  /**
   * Checks the documents of each table whose validator is another than before, a slice at a time, while functions go on that
   * know nothing of it. Throws a fault for the first that doesn't fit.
   */
  static async of(store: Store, schema: Schema): Promise<SchemaChecks> {
    const checks = new SchemaChecks(store);
    try {
      for (const [name, spec] of schema.isEnforced ? schema.tables : []) {
        const table = store.catalog.table(name);
        if (table !== undefined && store.validatorOf(table) !== digestOf(spec)) await checks.#check(table, spec);
      }
      return checks;
    } catch (thrown) {
      checks.stop();
      throw thrown;
    }
  }

  /** Keys of the documents that still have to be checked by this validator; null: all of them. */
  leftOf(table: Table, spec: TableSpec): readonly Uint8Array[] | null {
    if (this.#digests.get(table.name) !== digestOf(spec)) return null;
    return [...(this.#written.get(indexPath(table.name, "by_id"))?.values() ?? [])];
  }

  /** Nothing is noted any more. */
  stop(): void {
    this.#stop();
  }

  async #check(table: Table, spec: TableSpec): Promise<void> {
    const byId = this.#store.catalog.index(table.name, "by_id");
    if (byId === undefined) return;
    this.#written.set(byId.path, new Map());
    this.#digests.set(table.name, digestOf(spec));
    let from: Uint8Array = new Uint8Array();
    for (;;) {
      const slice = this.#store.committed.scan(byId, { from, to: null }, "asc", sliceSize);
      for (const { text } of slice) requireFit(this.#store, table.name, spec, text);
      const last = slice.at(-1)?.key;
      if (last === undefined || slice.length < sliceSize) return;
      from = Buffer.concat([last, Buffer.of(0)]);
      await nextTurn();
    }
  }
}
