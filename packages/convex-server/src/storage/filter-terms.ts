import { createHash } from "node:crypto";
import type { Value } from "convex/values";
import { valueAt } from "../values/field-path.ts";
import { indexKey } from "../values/index-key.ts";

/** An index with fields that a search may demand values of. */
export interface Filtered {
  readonly filterFields: readonly string[];
}

/** One word that stands for a value of a filter field. */
export const filterTerm = ({ filterFields }: Filtered, field: string, value: Value | undefined): string => {
  const digest = createHash("sha256")
    .update(indexKey([value]))
    .digest("hex")
    .slice(0, 32);
  return `f${filterFields.indexOf(field)}x${digest}`;
};

/** The words for the values that a document has in the filter fields. */
export const filtersOf = (index: Filtered, document: Value): string =>
  index.filterFields.map((field) => filterTerm(index, field, valueAt(document, field))).join(" ");
