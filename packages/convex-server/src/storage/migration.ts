import { createHash } from "node:crypto";
import { jsonToConvex, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { explainMismatch, findMismatch, type TableOfId } from "../functions/validator.ts";
import type { Table } from "./catalog.ts";
import type { Document } from "./documents.ts";
import { indexKeepers } from "./index-kinds.ts";
import type { Schema, TableSpec } from "./schema.ts";
import type { Store } from "./store.ts";
import { tableOfId } from "./table-of-id.ts";

/** The text of a stored document as a value. */
export const readDocument = (text: string): Document => jsonToConvex(JSON.parse(text)) as Document;

/** A document without what the system adds to it: the part that the schema describes. */
export const withoutSystemFields = ({ _id, _creationTime, ...fields }: Document): Record<string, Value> => fields;

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

const requireFit = (store: Store, table: Table, spec: TableSpec, toTable: TableOfId): void => {
  for (const { document } of documentsOf(store, table)) {
    const mismatch = findMismatch(spec.validator, withoutSystemFields(document), toTable);
    if (mismatch === null) continue;
    throw new Fault(
      "SchemaValidation",
      `Document with ID "${document._id}" in table "${table.name}" does not match the schema: ${explainMismatch(mismatch)}`,
    );
  }
};

/** Tells one validator from another. */
const digestOf = (spec: TableSpec): string => createHash("sha256").update(JSON.stringify(spec.validator)).digest("hex");

/** Checks the documents of a table unless they were checked, and since then written, by the same validator. */
const ensureFit = (store: Store, table: Table, spec: TableSpec, toTable: TableOfId): void => {
  const digest = digestOf(spec);
  if (store.validatorOf(table) === digest) return;
  requireFit(store, table, spec, toTable);
  store.noteValidator(table, digest);
};

/**
 * Brings tables and indexes to what `schema` declares and checks the documents against it, inside the open
 * transaction. Throws a fault when a document does not fit; then the caller rolls back and nothing has changed.
 */
export const applySchema = (store: Store, schema: Schema): void => {
  for (const name of schema.tables.keys()) store.catalog.ensureTable(name);
  const toTable = tableOfId(store.catalog);
  for (const table of [...store.catalog.tables()]) {
    if (table.name.startsWith("_")) continue;
    const spec = schema.tables.get(table.name);
    if (spec !== undefined && schema.isEnforced) ensureFit(store, table, spec, toTable);
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
