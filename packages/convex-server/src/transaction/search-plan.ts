import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import type { SearchIndex } from "../storage/catalog.ts";
import type { SearchPhrase } from "../storage/search-entries.ts";
import { termsOf } from "../storage/search-terms.ts";
import { type ByteRange, endOfPrefix, everything } from "../values/bytes.ts";
import { indexKey } from "../values/index-key.ts";
import { queryValue } from "./index-range.ts";

/** One step of `withSearchIndex("…", q => q.search(…).eq(…))`, as the client library writes it. */
export type SearchFilter =
  | { readonly type: "Search"; readonly fieldPath: string; readonly value: string }
  | { readonly type: "Eq"; readonly fieldPath: string; readonly value: JSONValue };

/** What to search for, and which changes may change what is found. */
export interface SearchPlan extends SearchPhrase {
  readonly index: SearchIndex;
  readonly dependsOn: ByteRange;
}

/** Convex's limits on one search. */
const termsMax = 16;
const filtersMax = 8;

/** The documents that have the demanded values, as far as these are the first filter fields of the index. */
const dependsOn = ({ filterFields }: SearchIndex, { filters }: Pick<SearchPhrase, "filters">): ByteRange => {
  const values = new Map(filters.map(({ field, value }) => [field, value]));
  const given = filterFields.findIndex((field) => !values.has(field));
  const prefix = indexKey(filterFields.slice(0, given === -1 ? filterFields.length : given).map((f) => values.get(f)));
  return prefix.length === 0 ? everything : { from: prefix, to: endOfPrefix(prefix) };
};

/** Throws a fault for an index that does not exist, another search field, a field it does not filter by, or too many. */
export const planSearch = (
  index: SearchIndex | undefined,
  path: string,
  steps: readonly SearchFilter[],
): SearchPlan => {
  const refuse = (problem: string): never => {
    throw new Fault("Database", `Invalid search on index ${path}: ${problem}`);
  };
  if (index === undefined) throw new Fault("Database", `Index ${path} not found.`);
  const [wanted, ...others] = steps.flatMap((step) => (step.type === "Search" ? [step] : []));
  if (wanted === undefined || others.length > 0) throw refuse("it needs exactly one search expression.");
  if (wanted.fieldPath !== index.searchField) refuse(`it searches "${index.searchField}", not "${wanted.fieldPath}".`);
  const filters = steps.flatMap((step) =>
    step.type === "Eq" ? [{ field: step.fieldPath, value: queryValue(step.value) }] : [],
  );
  if (filters.length > filtersMax) refuse(`it has ${filters.length} filters (maximum ${filtersMax}).`);
  for (const { field } of filters) if (!index.filterFields.includes(field)) refuse(`it does not filter by "${field}".`);
  const terms = termsOf(wanted.value).slice(0, termsMax);
  return { index, terms, filters, dependsOn: dependsOn(index, { filters }) };
};
