import { type ByteRange, intersection } from "../values/bytes.ts";
import { type CursorCodec, fingerprintOf, type Position } from "./cursor.ts";
import { planQuery, type QueryPlan, type SerializedQuery } from "./query-plan.ts";
import { Pipeline } from "./query-stream.ts";
import { scan } from "./scan.ts";
import { justAfter, type Transaction } from "./transaction.ts";

export interface PageRequest {
  readonly query: SerializedQuery;
  readonly cursor: string | null;
  readonly endCursor: string | null;
  readonly pageSize: number;
  readonly maximumRowsRead?: number | null;
  readonly maximumBytesRead?: number | null;
}

export interface Page {
  /** Convex-encoded JSON texts. */
  readonly documents: readonly string[];
  readonly isDone: boolean;
  readonly continueCursor: string;
  readonly splitCursor: string | null;
  readonly pageStatus: "SplitRecommended" | "SplitRequired" | null;
}

/** Past these a page should be read in parts even when its caller sets no bound. */
const rowsReadDefaultMax = 16_384;
const bytesReadDefaultMax = 8 << 20;
/** From this part of a bound on a split is recommended. */
const recommendedShare = 0.75;

/** The keys behind `start` up to and including `end`, in the plan's order. */
const pageRange = ({ range, order }: QueryPlan, start: Position | null, end: Position | null): ByteRange => {
  let page = range;
  if (start !== null && typeof start === "object") {
    const behind = order === "asc" ? { from: justAfter(start.after), to: null } : { from: range.from, to: start.after };
    page = intersection(page, behind);
  }
  if (end !== null && typeof end === "object") {
    const upTo = order === "asc" ? { from: range.from, to: justAfter(end.after) } : { from: end.after, to: null };
    page = intersection(page, upTo);
  }
  return page;
};

/**
 * One page of a query. With `endCursor` the page is everything up to there, however much that has become; without,
 * it ends after `pageSize` documents.
 */
export const readPage = (transaction: Transaction, cursors: CursorCodec, request: PageRequest): Page => {
  const { query, pageSize } = request;
  transaction.usage.add("databaseQueries", 1);
  const plan = planQuery(transaction, query);
  const fingerprint = fingerprintOf(query);
  const start = request.cursor === null ? null : cursors.decode(request.cursor, fingerprint);
  const end = request.endCursor === null ? null : cursors.decode(request.endCursor, fingerprint);
  const endCursor = cursors.encode("end", fingerprint);

  if (start === "end") {
    return { documents: [], isDone: true, continueCursor: endCursor, splitCursor: null, pageStatus: null };
  }

  const rowsMax = request.maximumRowsRead ?? rowsReadDefaultMax;
  const bytesMax = request.maximumBytesRead ?? bytesReadDefaultMax;
  const pipeline = new Pipeline(plan);
  const documents: string[] = [];
  const keys: Uint8Array[] = [];
  let bytesRead = 0;
  let isExhausted = true;
  let isCutShort = false;

  if (end === null && pageSize === 0) {
    isExhausted = false;
  } else {
    for (const row of scan(transaction, plan, pageRange(plan, start, end), end === null ? pageSize : undefined)) {
      keys.push(row.key);
      bytesRead += row.size;
      if (pipeline.accepts(row.text)) documents.push(row.text);
      if (end === null && documents.length >= pageSize) {
        isExhausted = false;
        break;
      }
      if (keys.length >= rowsMax || bytesRead >= bytesMax) {
        isExhausted = false;
        isCutShort = true;
        break;
      }
    }
  }

  const lastKey = keys.at(-1);
  const stoppedAt = (): string => {
    if (request.endCursor !== null) return request.endCursor;
    if (isExhausted) return endCursor;
    if (lastKey !== undefined) return cursors.encode({ after: lastKey }, fingerprint);
    return request.cursor ?? cursors.encode("start", fingerprint);
  };
  const middle = keys.length >= 2 ? keys[Math.floor((keys.length - 1) / 2)] : undefined;
  const isLarge = keys.length > rowsMax * recommendedShare || bytesRead > bytesMax * recommendedShare;
  return {
    documents,
    isDone: end === "end" || (end === null && isExhausted),
    continueCursor: stoppedAt(),
    splitCursor: middle === undefined ? null : cursors.encode({ after: middle }, fingerprint),
    pageStatus: isCutShort ? "SplitRequired" : isLarge ? "SplitRecommended" : null,
  };
};
