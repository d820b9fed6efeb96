import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import { type Index, indexPath } from "../storage/catalog.ts";
import type { Order } from "../storage/documents.ts";
import { type ByteRange, everything } from "../values/bytes.ts";
import { indexRange, type RangeStep } from "./index-range.ts";
import { planSearch, type SearchFilter, type SearchPlan } from "./search-plan.ts";
import type { Transaction } from "./transaction.ts";

/** A query as the client library writes it. */
export interface SerializedQuery {
  readonly source:
    | { readonly type: "FullTableScan"; readonly tableName: string; readonly order: Order | null }
    | {
        readonly type: "IndexRange";
        readonly indexName: string;
        readonly range: readonly RangeStep[];
        readonly order: Order | null;
      }
    | { readonly type: "Search"; readonly indexName: string; readonly filters: readonly SearchFilter[] };
  readonly operators: readonly ({ readonly filter: JSONValue } | { readonly limit: number })[];
}

/** Which keys of which index to look at, in which order, and what to do with each document. */
export interface QueryPlan {
  /** "table.index", also when the table does not exist yet. */
  readonly path: string;
  readonly index: Index | undefined;
  /** Present for a text search; its keys order by relevance. */
  readonly search?: SearchPlan;
  readonly range: ByteRange;
  readonly order: Order;
  readonly operators: SerializedQuery["operators"];
}

const splitIndexName = (name: string): [table: string, index: string] => {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
};

export const planQuery = (transaction: Transaction, { source, operators }: SerializedQuery): QueryPlan => {
  const { catalog } = transaction;
  if (source.type === "Search") {
    const [table, name] = splitIndexName(source.indexName);
    const search = planSearch(catalog.searchIndex(table, name), source.indexName, source.filters);
    return { path: source.indexName, index: undefined, search, range: everything, order: "asc", operators };
  }
  const order = source.order ?? "asc";
  if (source.type === "FullTableScan") {
    const index = catalog.index(source.tableName, "by_creation_time");
    return { path: indexPath(source.tableName, "by_creation_time"), index, range: everything, order, operators };
  }
  const [table, name] = splitIndexName(source.indexName);
  const index = catalog.index(table, name);
  if (index === undefined && (catalog.table(table) !== undefined || transaction.schema.isEnforced)) {
    throw new Fault("Database", `Index ${source.indexName} not found.`);
  }
  const range = index === undefined ? everything : indexRange(index.path, index.keyFields, source.range);
  return { path: source.indexName, index, range, order, operators };
};
