import { Fault } from "../faults.ts";
import type { ValidatorJson } from "../functions/validator.ts";

export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly string[];
}

export interface TableSpec {
  readonly indexes: readonly IndexSpec[];
  /** Names of declared indexes of kinds that this server cannot answer. */
  readonly unsupportedIndexes: readonly string[];
  readonly validator: ValidatorJson;
}

/** What `schema.ts` declares. Without one: no tables, and documents of any shape. */
export interface Schema {
  readonly tables: ReadonlyMap<string, TableSpec>;
  /** Whether documents must fit their table's validator. */
  readonly isEnforced: boolean;
}

export const noSchema: Schema = { tables: new Map(), isEnforced: false };

/** Convex's limit on the names of tables and indexes. */
const nameLengthMax = 64;

interface ExportedIndex {
  indexDescriptor: string;
  fields: string[];
}

interface ExportedSchema {
  tables: {
    tableName: string;
    indexes: ExportedIndex[];
    searchIndexes: { indexDescriptor: string }[];
    vectorIndexes: { indexDescriptor: string }[];
    documentType: ValidatorJson;
  }[];
  schemaValidation: boolean;
}

const identifier = /^[a-zA-Z][a-zA-Z0-9_]*$/;

const requireIdentifier = (kind: string, name: string): void => {
  if (!identifier.test(name) || name.length > nameLengthMax) {
    throw new Fault(
      "SchemaValidation",
      `${kind} names must be identifiers of at most ${nameLengthMax} characters, got "${name}".`,
    );
  }
};

const indexSpec = (table: string, { indexDescriptor, fields }: ExportedIndex): IndexSpec => {
  requireIdentifier("Index", indexDescriptor);
  if (indexDescriptor === "by_id" || indexDescriptor === "by_creation_time") {
    throw new Fault("SchemaValidation", `Index name "${indexDescriptor}" of table "${table}" is reserved.`);
  }
  if (fields.length === 0 || fields.length > 16 || new Set(fields).size !== fields.length) {
    throw new Fault(
      "SchemaValidation",
      `Index "${table}.${indexDescriptor}" must have 1 to 16 fields, none of them twice.`,
    );
  }
  return { name: indexDescriptor, fields };
};

/** Reads the text that `SchemaDefinition.export()` makes. Throws a fault that names the first mistake. */
export const parseSchema = (text: string): Schema => {
  const exported: ExportedSchema = JSON.parse(text);
  const tables = exported.tables.map((table): [string, TableSpec] => {
    requireIdentifier("Table", table.tableName);
    const indexes = table.indexes.map((index) => indexSpec(table.tableName, index));
    const names = indexes.map(({ name }) => name);
    const twice = names.find((name, position) => names.indexOf(name) !== position);
    if (twice !== undefined) {
      throw new Fault("SchemaValidation", `Table "${table.tableName}" has two indexes named "${twice}".`);
    }
    const unsupportedIndexes = [...table.searchIndexes, ...table.vectorIndexes].map((index) => index.indexDescriptor);
    return [table.tableName, { indexes, unsupportedIndexes, validator: table.documentType }];
  });
  return { tables: new Map(tables), isEnforced: exported.schemaValidation };
};
