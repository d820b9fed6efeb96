import type { JSONValue, Value } from "convex/values";
import { Fault } from "../faults.ts";
import type { Catalog, VectorIndex } from "../storage/catalog.ts";
import { filterTerm } from "../storage/filter-terms.ts";
import { unitVector, type VectorQuery } from "../storage/vector-entries.ts";
import { isObject } from "../values/field-path.ts";
import { queryValue } from "./index-range.ts";

/** What `ctx.vectorSearch` sends. */
export interface SerializedVectorQuery {
  /** "table.index". */
  readonly indexName: string;
  readonly vector: readonly JSONValue[];
  readonly limit?: number | null;
  /** Made of `$or`, `$eq`, `$field` and `$literal`; null without a filter. */
  readonly expressions: JSONValue;
}

/** Convex's limits on one vector search. */
const resultsMax = 256;
const resultsDefault = 10;
const filtersMax = 64;
/** Numbers that all vectors of an index may have in all: beyond, a thread for queries would be held for seconds. */
const numbersMax = 1 << 28;

interface Demand {
  readonly field: string;
  readonly value: Value | undefined;
}

const demandsOf = (expression: JSONValue): Demand[] => {
  const { $or: parts, $eq: sides } = isObject(expression) ? (expression as Record<string, JSONValue>) : {};
  if (Array.isArray(parts)) return parts.flatMap(demandsOf);
  if (!Array.isArray(sides)) throw new Fault("Database", "Filters should be a combination of `q.eq` and `q.or`.");
  const [left, right] = sides;
  const field = isObject(left) ? Reflect.get(left, "$field") : undefined;
  if (typeof field !== "string" || !isObject(right) || !("$literal" in right)) {
    throw new Fault("Database", "`q.eq` must take a field path as its first argument and a value as its second");
  }
  return [{ field, value: queryValue(Reflect.get(right, "$literal")) }];
};

const filtersOf = (index: VectorIndex, path: string, expressions: JSONValue): string[] => {
  const demands = expressions === null ? [] : demandsOf(expressions);
  const unknown = demands.find(({ field }) => !index.filterFields.includes(field));
  if (unknown !== undefined) {
    throw new Fault(
      "Database",
      `Vector query against ${path} contains a filter on "${unknown.field}" but that field isn't indexed for filtering in \`filterFields\`.`,
    );
  }
  const filters = new Set(demands.map(({ field, value }) => filterTerm(index, field, value)));
  if (filters.size <= filtersMax) return [...filters];
  throw new Fault(
    "Limit",
    `Vector query against ${path} has too many conditions. Max: ${filtersMax} Actual: ${filters.size}`,
  );
};

const limitOf = (limit: number | null | undefined): number => {
  const wanted = limit ?? resultsDefault;
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= resultsMax) return wanted;
  throw new Fault("Limit", `Vector queries can fetch at most ${resultsMax} results, requested ${wanted}.`);
};

/** Throws a fault for an index that does not exist, a vector of another size, a filter it does not have, or too many. */
export const planVectorSearch = (catalog: Catalog, query: SerializedVectorQuery): VectorQuery => {
  const { indexName: path, vector, limit, expressions } = query;
  const [table = "", name = ""] = path.split(".");
  const index = catalog.vectorIndexesOf(table).find((candidate) => candidate.name === name);
  if (index === undefined) throw new Fault("Database", `Index ${path} not found.`);
  const resultLimit = limitOf(limit);
  const filters = filtersOf(index, path, expressions);
  if (vector.length !== index.dimensions) {
    throw new Fault("Database", `Expected a vector with dimensions ${index.dimensions}, received ${vector.length}.`);
  }
  const numbers = vector.map((number) => (typeof number === "number" ? number : Number.NaN));
  if (!numbers.every(Number.isFinite)) throw new Fault("Database", "A vector consists of finite numbers.");
  return { index, vector: unitVector(numbers), limit: resultLimit, filters };
};

/** Throws a fault where so much would have to be compared that everybody would wait. */
export const requireSearchable = ({ dimensions }: VectorIndex, vectors: number): void => {
  if (vectors * dimensions <= numbersMax) return;
  throw new Fault(
    "Limit",
    `The embedded server compares at most ${Math.floor(numbersMax / dimensions)} vectors of ${dimensions} dimensions, and this index has ${vectors}.`,
  );
};
