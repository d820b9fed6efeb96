import { Fault } from "../faults.ts";
import type { ValidatorJson } from "../functions/validator.ts";
import { requireDifferent, requireIndexesOf, requireIndexFields, tablesOfIds } from "./index-rules.ts";

export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly string[];
}

export interface SearchIndexSpec {
  readonly name: string;
  /** The field whose text is searched. */
  readonly searchField: string;
  /** Fields that a search may demand values of. */
  readonly filterFields: readonly string[];
}

export interface VectorIndexSpec {
  readonly name: string;
  /** The field that holds the vectors that are compared. */
  readonly vectorField: string;
  readonly dimensions: number;
  /** Fields that a search may demand values of. */
  readonly filterFields: readonly string[];
}

export interface TableSpec {
  readonly indexes: readonly IndexSpec[];
  readonly searchIndexes: readonly SearchIndexSpec[];
  readonly vectorIndexes: readonly VectorIndexSpec[];
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

/** Convex's limit of 16 counts `_creationTime`, which every index ends with. */
const ownFieldsMax = 15;

const systemTables: ReadonlySet<string> = new Set(["_storage", "_scheduled_functions"]);

/** Convex's limits on vector indexes. */
const dimensionsMin = 2;
const dimensionsMax = 4096;
const vectorIndexesMax = 4;

interface ExportedIndex {
  indexDescriptor: string;
  fields: string[];
}

interface ExportedSchema {
  tables: {
    tableName: string;
    indexes: ExportedIndex[];
    searchIndexes: { indexDescriptor: string; searchField: string; filterFields: string[] }[];
    vectorIndexes: { indexDescriptor: string; vectorField: string; dimensions: number; filterFields: string[] }[];
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
  requireIndexFields(table, `index "${indexDescriptor}"`, fields, { min: 1, max: ownFieldsMax });
  return { name: indexDescriptor, fields };
};

const searchIndexSpec = (
  table: string,
  { indexDescriptor, searchField, filterFields }: ExportedSchema["tables"][number]["searchIndexes"][number],
): SearchIndexSpec => {
  requireIdentifier("Index", indexDescriptor);
  requireIndexFields(table, `search index "${indexDescriptor}"`, [searchField]);
  requireIndexFields(table, `search index "${indexDescriptor}"`, filterFields);
  return { name: indexDescriptor, searchField, filterFields };
};

const vectorIndexSpec = (
  table: string,
  { indexDescriptor, vectorField, dimensions, filterFields }: ExportedSchema["tables"][number]["vectorIndexes"][number],
): VectorIndexSpec => {
  requireIdentifier("Index", indexDescriptor);
  const index = `Vector index "${table}.${indexDescriptor}"`;
  requireIndexFields(table, `vector index "${indexDescriptor}"`, [vectorField]);
  requireIndexFields(table, `vector index "${indexDescriptor}"`, filterFields);
  if (!Number.isInteger(dimensions) || dimensions < dimensionsMin || dimensions > dimensionsMax) {
    throw new Fault(
      "SchemaValidation",
      `${index} must have ${dimensionsMin} to ${dimensionsMax} dimensions, got ${dimensions}.`,
    );
  }
  return { name: indexDescriptor, vectorField, dimensions, filterFields };
};

const vectorIndexSpecs = (table: ExportedSchema["tables"][number]): VectorIndexSpec[] => {
  if (table.vectorIndexes.length > vectorIndexesMax) {
    throw new Fault("SchemaValidation", `Table "${table.tableName}" has more than ${vectorIndexesMax} vector indexes.`);
  }
  return table.vectorIndexes.map((index) => vectorIndexSpec(table.tableName, index));
};

const requireAllIndexes = (table: string, spec: TableSpec, isEnforced: boolean): void => {
  const searched = spec.searchIndexes.map(({ name, searchField }) => ({ name, fields: [searchField] }));
  const compared = spec.vectorIndexes.map(({ name, vectorField }) => ({ name, fields: [vectorField] }));
  const filtered = [...spec.searchIndexes, ...spec.vectorIndexes].map(({ name, filterFields }) => ({
    name,
    fields: filterFields,
  }));
  const validator = isEnforced ? spec.validator : null;
  requireIndexesOf(table, [...spec.indexes, ...searched, ...compared], validator);
  for (const index of filtered) requireIndexesOf(table, [index], validator);
  requireDifferent(table, "index", spec.indexes);
  requireDifferent(table, "search index", searched);
  requireDifferent(table, "vector index", compared);
};

/** Ids may be of the schema's tables and of the server's own. */
const requireTablesOfIds = (tables: ReadonlyMap<string, TableSpec>): void => {
  for (const [name, { validator }] of tables) {
    const unknown = tablesOfIds(validator).find((table) => !tables.has(table) && !systemTables.has(table));
    if (unknown === undefined) continue;
    throw new Fault(
      "SchemaValidation",
      `Table "${name}" refers to documents of a table that the schema doesn't declare: v.id("${unknown}").`,
    );
  }
};

/** Reads the text that `SchemaDefinition.export()` makes. Throws a fault that names the first mistake. */
export const parseSchema = (text: string): Schema => {
  const exported: ExportedSchema = JSON.parse(text);
  const isEnforced = exported.schemaValidation;
  const tables = exported.tables.map((table): [string, TableSpec] => {
    requireIdentifier("Table", table.tableName);
    const indexes = table.indexes.map((index) => indexSpec(table.tableName, index));
    const searchIndexes = table.searchIndexes.map((index) => searchIndexSpec(table.tableName, index));
    const vectorIndexes = vectorIndexSpecs(table);
    requireAllIndexes(
      table.tableName,
      { indexes, searchIndexes, vectorIndexes, validator: table.documentType },
      isEnforced,
    );
    return [table.tableName, { indexes, searchIndexes, vectorIndexes, validator: table.documentType }];
  });
  requireTablesOfIds(new Map(tables));
  return { tables: new Map(tables), isEnforced };
};
