import type { Table } from "./catalog.ts";
import type { Document } from "./documents.ts";
import { indexKeepers } from "./index-kinds.ts";
import type { Schema, TableSpec } from "./schema.ts";
import { digestOf, requireFit, type SchemaChecks } from "./schema-checks.ts";
import type { Store } from "./store.ts";
import { readDocument } from "./stored-document.ts";

function* documentsOf(store: Store, table: Table): Generator<{ pk: number; document: Document }> {
  const byId = store.catalog.index(table.name, "by_id");
  if (byId === undefined) return;
  const rows = store.connection
    .prepare("SELECT d.pk, d.document FROM entries e CROSS JOIN documents d ON d.pk = e.pk WHERE e.index_id = ?")
    .iterate(byId.id);
  for (const row of rows) yield { pk: Number(row.pk), document: readDocument(String(row.document)) };
}

/** Brings the indexes of a table to what its schema declares; what no build has filled is filled here and now. */
const alignIndexes = (store: Store, table: Table, spec: TableSpec | undefined): void => {
  for (const keeper of indexKeepers) {
    for (const { add } of keeper.align(store, table, spec)) {
      for (const { pk, document } of documentsOf(store, table)) add(pk, document);
    }
  }
};

/** Of the documents at these keys that are still there; null: of all. */
function* textsToCheck(store: Store, table: Table, keys: readonly Uint8Array[] | null): Generator<string> {
  const byId = store.catalog.index(table.name, "by_id");
  if (byId === undefined) return;
  const all = "SELECT d.document FROM entries e CROSS JOIN documents d ON d.pk = e.pk WHERE e.index_id = ?";
  if (keys === null) {
    for (const row of store.connection.prepare(all).iterate(byId.id)) yield String(row.document);
    return;
  }
  const one = store.connection.prepare(`${all} AND e.key = ?`);
  for (const key of keys) {
    const row = one.get(byId.id, key);
    if (row !== undefined) yield String(row.document);
  }
}

/** Checks the documents of a table unless they were checked, and since then written, by the same validator. */
const ensureFit = (store: Store, table: Table, spec: TableSpec, checks: SchemaChecks | null): void => {
  const digest = digestOf(spec);
  if (store.validatorOf(table) === digest) return;
  for (const text of textsToCheck(store, table, checks?.leftOf(table, spec) ?? null)) {
    requireFit(store, table.name, spec, text);
  }
  store.noteValidator(table, digest);
};

/**
 * Brings tables and indexes to what `schema` declares and checks the documents against it, inside the open
 * transaction; what `checks` has found to fit is not read again. Throws a fault when a document does not fit; then the caller rolls back and nothing has changed.
 */
export const applySchema = (store: Store, schema: Schema, checks: SchemaChecks | null = null): void => {
  for (const name of schema.tables.keys()) store.catalog.ensureTable(name);
  for (const table of [...store.catalog.tables()]) {
    if (table.name.startsWith("_")) continue;
    const spec = schema.tables.get(table.name);
    if (spec !== undefined && schema.isEnforced) ensureFit(store, table, spec, checks);
    else store.noteValidator(table, null);
    alignIndexes(store, table, spec);
  }
};

/** Creates a table of the server's own, with its indexes, unless it is there. */
export const ensureSystemTable = (
  store: Store,
  name: string,
  indexes: Readonly<Record<string, readonly string[]>>,
): void => {
  const table = store.catalog.ensureTable(name);
  for (const [index, fields] of Object.entries(indexes)) {
    if (store.catalog.index(name, index) === undefined) store.catalog.createIndex(table, index, fields);
  }
};
