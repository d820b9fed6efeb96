import { Fault } from "../faults.ts";
import type { ScannedDocument } from "../storage/documents.ts";
import type { SearchHit } from "../storage/search-entries.ts";
import { type ByteRange, contains, isEmptyRange } from "../values/bytes.ts";
import { indexKey } from "../values/index-key.ts";
import type { QueryPlan } from "./query-plan.ts";
import type { OpenRange } from "./read-set.ts";
import type { SearchPlan } from "./search-plan.ts";
import { justAfter, type Transaction } from "./transaction.ts";

const firstChunk = 16;
const chunkMax = 256;

/** What of `range` is left once `key` has been passed. */
export const rangeAfter = (range: ByteRange, key: Uint8Array, order: "asc" | "desc"): ByteRange =>
  order === "asc" ? { from: justAfter(key), to: range.to } : { from: range.from, to: key };

/** Convex's limit on the results that one search may look at. */
const searchResultsMax = 1024;

/** A query reads one state, so what it has found stands for all its batches; a mutation may write between two of them. */
const foundByQueries = new WeakMap<SearchPlan, readonly SearchHit[]>();

const hitsOf = (transaction: Transaction, plan: SearchPlan): readonly SearchHit[] => {
  const known = transaction.kind === "query" ? foundByQueries.get(plan) : undefined;
  if (known !== undefined) return known;
  const hits = transaction.documents.search.find(plan.index, plan, searchResultsMax + 1);
  foundByQueries.set(plan, hits);
  return hits;
};

/** The matches in `range`, best first. Whatever changes among the documents it may find makes it stale. */
function* search(
  transaction: Transaction,
  path: string,
  plan: SearchPlan,
  range: ByteRange,
): Generator<ScannedDocument, void, void> {
  transaction.reads.add(path, plan.dependsOn);
  if (plan.terms.length === 0) return;
  for (const [position, { pk, rank }] of hitsOf(transaction, plan).entries()) {
    const key = indexKey([rank, -pk]);
    if (!contains(range, key)) continue;
    if (position >= searchResultsMax) {
      throw new Fault(
        "Limit",
        `A search reads at most ${searchResultsMax} results; use a smaller limit, paginate it, or filter in the search index.`,
      );
    }
    const found = transaction.documents.search.document(pk);
    if (found === null) continue;
    transaction.countRead(found.size);
    yield { key, ...found };
  }
}

/**
 * The documents of a plan's index in `range`, in the plan's order, before its operators. What has been looked at
 * goes into the read set row by row, so that a caller who stops early depends on no more than it saw.
 * A scan must be finished in the turn in which it began: between turns another commit may change what it holds.
 */
export function* scan(
  transaction: Transaction,
  plan: QueryPlan,
  range: ByteRange,
  expected = firstChunk,
): Generator<ScannedDocument, void, void> {
  const { order, index, path } = plan;
  if (plan.search !== undefined) {
    yield* search(transaction, path, plan.search, range);
    return;
  }
  const seen: OpenRange =
    order === "asc" ? { from: range.from, to: range.from } : { from: range.to ?? range.from, to: range.to };
  if (isEmptyRange(range)) return;
  transaction.reads.add(path, seen);
  let rest = range;
  let size = Math.min(Math.max(expected, 1), chunkMax);
  while (index !== undefined && !isEmptyRange(rest)) {
    const rows = transaction.documents.scan(index, rest, order, size);
    for (const row of rows) {
      if (order === "asc") seen.to = justAfter(row.key);
      else seen.from = row.key;
      transaction.countRead(row.size);
      yield row;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) break;
    rest = rangeAfter(rest, last.key, order);
    size = Math.min(size * 4, chunkMax);
  }
  seen.from = range.from;
  seen.to = range.to;
}
