import { readDocument } from "../storage/stored-document.ts";
import type { ByteRange } from "../values/bytes.ts";
import { passes } from "./filter.ts";
import type { QueryPlan } from "./query-plan.ts";
import { rangeAfter, scan } from "./scan.ts";
import type { Transaction } from "./transaction.ts";

/** Applies a plan's filters and limits to one document after the other. */
export class Pipeline {
  readonly #plan: QueryPlan;
  readonly #left: number[];

  constructor(plan: QueryPlan) {
    this.#plan = plan;
    this.#left = plan.operators.map((operator) => ("limit" in operator ? operator.limit : 0));
  }

  /** Whether a limit has been reached, so that no further document can come out. */
  get isFull(): boolean {
    return this.#plan.operators.some((operator, position) => "limit" in operator && (this.#left[position] ?? 0) <= 0);
  }

  /** How many documents at most are worth reading, as far as the limits tell. */
  get expected(): number {
    const limits = this.#plan.operators.flatMap((operator, at) => ("limit" in operator ? [this.#left[at] ?? 0] : []));
    return Math.min(Number.POSITIVE_INFINITY, ...limits);
  }

  accepts(text: string): boolean {
    for (const [position, operator] of this.#plan.operators.entries()) {
      if ("filter" in operator) {
        if (!passes(operator.filter, readDocument(text))) return false;
      } else {
        const left = this.#left[position] ?? 0;
        if (left <= 0) return false;
        this.#left[position] = left - 1;
      }
    }
    return true;
  }
}

export interface Batch {
  /** Convex-encoded JSON texts. */
  readonly documents: readonly string[];
  readonly isDone: boolean;
}

/** A query that is read in batches, one per turn. */
export class QueryStream {
  readonly #transaction: Transaction;
  readonly #plan: QueryPlan;
  readonly #pipeline: Pipeline;
  #rest: ByteRange;

  constructor(transaction: Transaction, plan: QueryPlan) {
    transaction.usage.add("databaseQueries", 1);
    this.#transaction = transaction;
    this.#plan = plan;
    this.#pipeline = new Pipeline(plan);
    this.#rest = plan.range;
  }

  next(count: number): Batch {
    const documents: string[] = [];
    if (this.#pipeline.isFull) return { documents, isDone: true };
    const expected = Math.min(count, this.#pipeline.expected);
    for (const row of scan(this.#transaction, this.#plan, this.#rest, expected)) {
      this.#rest = rangeAfter(this.#rest, row.key, this.#plan.order);
      if (!this.#pipeline.accepts(row.text)) continue;
      documents.push(row.text);
      if (this.#pipeline.isFull) return { documents, isDone: true };
      if (documents.length >= count) return { documents, isDone: false };
    }
    return { documents, isDone: true };
  }
}
