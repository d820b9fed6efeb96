import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Value } from "convex/values";
import { valueAt } from "../values/field-path.ts";
import type { VectorIndex } from "./catalog.ts";
import { filtersOf } from "./filter-terms.ts";

/** What a vector search looks for: the vectors most like one, among documents that have any of the values. */
export interface VectorQuery {
  readonly index: VectorIndex;
  /** Of unit length. */
  readonly vector: Float32Array;
  readonly limit: number;
  /** Words of filters, any of which is enough; empty: no demand. */
  readonly filters: readonly string[];
}

export interface VectorHit {
  readonly id: string;
  /** The cosine of the angle between both: from -1 to 1, 1 for the same direction. */
  readonly score: number;
}

/** The same direction with length 1; zero stays zero. */
export const unitVector = (numbers: readonly number[]): Float32Array => {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => (length > 0 ? number / length : 0));
};

/** The vector that a document has in an index; null where its field holds none of the right size. */
const vectorOf = ({ vectorField, dimensions }: VectorIndex, document: Value): Float32Array | null => {
  const value = valueAt(document, vectorField);
  if (!Array.isArray(value) || value.length !== dimensions) return null;
  const numbers = value.filter((number) => typeof number === "number");
  return numbers.length === dimensions && numbers.every(Number.isFinite) ? unitVector(numbers) : null;
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** SQLite hands out bytes wherever they lie; numbers have to lie at a multiple of four. */
const numbersOf = (bytes: Uint8Array): Float32Array => {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
};

const productOf = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};

interface Ranked {
  readonly pk: number;
  readonly score: number;
}

/** Puts a hit where it belongs among the best so far, best first; of those alike, the older first. */
const rank = (best: Ranked[], hit: Ranked, limit: number): void => {
  const last = best.at(-1);
  if (best.length >= limit && last !== undefined && hit.score <= last.score) return;
  let at = best.length;
  while (at > 0 && (best[at - 1]?.score ?? 0) < hit.score) at -= 1;
  best.splice(at, 0, hit);
  if (best.length > limit) best.pop();
};

/** The entries of vector indexes through one connection. */
export class VectorEntries {
  readonly #add: StatementSync;
  readonly #remove: StatementSync;
  readonly #scan: StatementSync;
  readonly #id: StatementSync;
  readonly #count: StatementSync;

  constructor(connection: DatabaseSync) {
    this.#add = connection.prepare("INSERT INTO vectors (index_id, pk, filters, vector) VALUES (?, ?, ?, ?)");
    this.#remove = connection.prepare("DELETE FROM vectors WHERE index_id = ? AND pk = ?");
    this.#scan = connection.prepare("SELECT pk, filters, vector FROM vectors WHERE index_id = ? ORDER BY pk");
    this.#id = connection.prepare("SELECT id FROM documents WHERE pk = ?");
    this.#count = connection.prepare("SELECT count(*) AS total FROM vectors WHERE index_id = ?");
  }

  count(index: VectorIndex): number {
    return Number(this.#count.get(index.id)?.total ?? 0);
  }

  add(index: VectorIndex, pk: number | bigint, document: Value): void {
    const vector = vectorOf(index, document);
    if (vector !== null) this.#add.run(index.id, pk, filtersOf(index, document), bytesOf(vector));
  }

  remove(index: VectorIndex, pk: number | bigint): void {
    this.#remove.run(index.id, pk);
  }

  replace(index: VectorIndex, pk: number | bigint, before: Value, after: Value): void {
    const [old, next] = [vectorOf(index, before), vectorOf(index, after)];
    const isSame = old === null ? next === null : next !== null && old.every((number, at) => number === next[at]);
    if (isSame && filtersOf(index, before) === filtersOf(index, after)) return;
    this.remove(index, pk);
    this.add(index, pk, after);
  }

  /** The best matches, best first, found by comparing all. */
  find({ index, vector, limit, filters }: VectorQuery): VectorHit[] {
    const best: Ranked[] = [];
    for (const row of this.#scan.iterate(index.id)) {
      const own = String(row.filters).split(" ");
      if (filters.length > 0 && !filters.some((filter) => own.includes(filter))) continue;
      if (!(row.vector instanceof Uint8Array)) continue;
      rank(best, { pk: Number(row.pk), score: Math.fround(productOf(vector, numbersOf(row.vector))) }, limit);
    }
    return best.map(({ pk, score }) => ({ id: String(this.#id.get(pk)?.id), score }));
  }
}
