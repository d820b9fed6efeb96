import { CommitTsPlaceholder, getDocumentSize, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { Fault, unsupported } from "../faults.ts";
import { explainMismatch, findMismatch } from "../functions/validator.ts";
import type { Document } from "../storage/documents.ts";
import { withoutSystemFields } from "../storage/stored-document.ts";
import { newDocumentId } from "../values/document-id.ts";
import { type ConvexObject, isObject } from "../values/field-path.ts";
import { queryValue } from "./index-range.ts";
import { requireDocumentLimits } from "./limits.ts";
import type { Transaction } from "./transaction.ts";

const tableName = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;

const holdsPlaceholder = (value: Value | undefined): boolean => {
  if (value instanceof CommitTsPlaceholder) return true;
  if (Array.isArray(value)) return value.some(holdsPlaceholder);
  return isObject(value) && Object.values(value).some(holdsPlaceholder);
};

const fieldsOf = (operation: string, json: JSONValue): ConvexObject => {
  const value = jsonToConvex(json);
  if (!isObject(value)) throw new Fault("Database", `db.${operation} needs an object, got ${JSON.stringify(json)}.`);
  return value;
};

const requireOwnFields = (document: ConvexObject): void => {
  const reserved = Object.keys(document).find((field) => field.startsWith("_"));
  if (reserved !== undefined) {
    throw new Fault("Database", `Field "${reserved}" starts with an underscore, which is reserved for system fields.`);
  }
};

const requireValid = (transaction: Transaction, table: string, document: Document): void => {
  const { schema } = transaction;
  if (holdsPlaceholder(document)) throw unsupported("db.vars.commitTs");
  // A document of the server's own holds what has bounds of its own, such as the arguments of a scheduled function.
  if (!table.startsWith("_")) requireDocumentLimits(document, getDocumentSize(document));
  const spec = schema.tables.get(table);
  if (!schema.isEnforced || spec === undefined) return;
  const mismatch = findMismatch(spec.validator, withoutSystemFields(document), (id) => transaction.tableOf(id));
  if (mismatch === null) return;
  throw new Fault(
    "SchemaValidation",
    `Failed to insert or update a document in table "${table}" because it does not match the schema: ${explainMismatch(mismatch)}`,
  );
};

const requireWriter = (transaction: Transaction): void => {
  if (transaction.kind !== "mutation") throw new Fault("Database", "Queries cannot write to the database.");
};

/** The table of a document that is to be changed, after checking that functions may change it. */
const writableTable = (
  transaction: Transaction,
  operation: string,
  id: JSONValue,
  expected: string | undefined,
): string => {
  requireWriter(transaction);
  const table = typeof id === "string" ? transaction.tableOf(id) : null;
  if (table === null) {
    throw new Fault(
      "Database",
      `Invalid argument \`id\` for \`db.${operation}\`: Unable to decode ID: ${JSON.stringify(id)}`,
    );
  }
  if (expected !== undefined && expected !== table) {
    throw new Fault(
      "Database",
      `Invalid argument \`id\` for \`db.${operation}\`: expected an ID of table "${expected}", got one of table "${table}".`,
    );
  }
  if (table.startsWith("_")) throw new Fault("Database", "System tables (prefixed with `_`) are read-only.");
  return table;
};

const existing = (transaction: Transaction, operation: string, table: string, id: string): Document => {
  const document = transaction.get(table, id);
  if (document === null) {
    const name = `${operation[0]?.toUpperCase()}${operation.slice(1)}`;
    throw new Fault("Database", `${name} on nonexistent document ID ${id}`);
  }
  return document;
};

/** System fields may be repeated in an update, never changed. */
const withSystemFieldsOf = (before: Document, fields: ConvexObject): Document => {
  const { _id = before._id, _creationTime = before._creationTime, ...rest } = fields;
  if (_id !== before._id)
    throw new Fault("Database", `Provided document ID ${JSON.stringify(_id)} doesn't match '_id' field ${before._id}.`);
  if (_creationTime !== before._creationTime) {
    throw new Fault(
      "Database",
      `Provided \`_creationTime\` does not match the document's creation time ${before._creationTime}.`,
    );
  }
  requireOwnFields(rest);
  const defined = Object.entries(rest).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return { ...Object.fromEntries(defined), _id: before._id, _creationTime: before._creationTime };
};

/** Writes a document of any table, the server's own included; returns it. */
export const insertInto = (transaction: Transaction, table: string, fields: Record<string, Value>): Document => {
  const { store } = transaction;
  const { number } = store.catalog.ensureTable(table);
  const document: Document = { ...fields, _id: newDocumentId(number), _creationTime: store.nextCreationTime() };
  requireValid(transaction, table, document);
  transaction.countWrite(getDocumentSize(document));
  transaction.writes.push(...transaction.documents.insert(table, document));
  return document;
};

/** Replaces a document of any table, the server's own included. */
export const update = (transaction: Transaction, table: string, before: Document, after: Document): void => {
  requireValid(transaction, table, after);
  transaction.countWrite(getDocumentSize(after));
  transaction.writes.push(...transaction.documents.replace(table, before, after));
};

export const remove = (transaction: Transaction, table: string, document: Document): void => {
  transaction.countWrite(0);
  transaction.writes.push(...transaction.documents.remove(table, document));
};

/** `db.insert`; returns the id. */
export const insertDocument = (transaction: Transaction, table: string, json: JSONValue): string => {
  requireWriter(transaction);
  if (!tableName.test(table)) throw new Fault("Database", `Invalid table name "${table}".`);
  const fields = fieldsOf("insert", json);
  requireOwnFields(fields);
  return insertInto(transaction, table, fields as Record<string, Value>)._id;
};

/** `db.patch`: sets the given fields, removes those given as undefined, leaves the others. */
export const patchDocument = (
  transaction: Transaction,
  id: JSONValue,
  table: string | undefined,
  json: JSONValue,
): void => {
  const actual = writableTable(transaction, "patch", id, table);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Fault("Database", `db.patch needs an object, got ${JSON.stringify(json)}.`);
  }
  const before = existing(transaction, "patch", actual, String(id));
  const changes = Object.entries(json).map(([field, value]): [string, Value | undefined] => [field, queryValue(value)]);
  const merged: ConvexObject = { ...before, ...Object.fromEntries(changes) };
  update(transaction, actual, before, withSystemFieldsOf(before, merged));
};

/** `db.replace`. */
export const replaceDocument = (
  transaction: Transaction,
  id: JSONValue,
  table: string | undefined,
  json: JSONValue,
): void => {
  const actual = writableTable(transaction, "replace", id, table);
  const fields = fieldsOf("replace", json);
  const before = existing(transaction, "replace", actual, String(id));
  update(transaction, actual, before, withSystemFieldsOf(before, fields));
};

/** `db.delete`. */
export const deleteDocument = (transaction: Transaction, id: JSONValue, table: string | undefined): void => {
  const actual = writableTable(transaction, "delete", id, table);
  remove(transaction, actual, existing(transaction, "delete", actual, String(id)));
};
