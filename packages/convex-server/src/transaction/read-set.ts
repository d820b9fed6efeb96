import type { IndexWrite } from "../storage/documents.ts";
import { type ByteRange, contains } from "../values/bytes.ts";

/** A range that grows while a scan goes on. */
export interface OpenRange {
  from: Uint8Array;
  to: Uint8Array | null;
}

/** The index ranges that a query has looked at; a write inside one of them may change its result. */
export class ReadSet {
  readonly #ranges = new Map<string, ByteRange[]>();

  /** `ranges` as `entries` tells them. */
  constructor(ranges: Iterable<readonly [string, readonly ByteRange[]]> = []) {
    for (const [index, of] of ranges) this.#ranges.set(index, [...of]);
  }

  entries(): [string, ByteRange[]][] {
    return [...this.#ranges];
  }

  /** The index paths with at least one range. */
  indexes(): IterableIterator<string> {
    return this.#ranges.keys();
  }

  get isEmpty(): boolean {
    return this.#ranges.size === 0;
  }

  add(index: string, range: ByteRange | OpenRange): void {
    const ranges = this.#ranges.get(index);
    if (ranges === undefined) this.#ranges.set(index, [range]);
    else ranges.push(range);
  }

  isTouchedBy(writes: readonly IndexWrite[]): boolean {
    return writes.some(({ index, key }) => this.#ranges.get(index)?.some((range) => contains(range, key)) ?? false);
  }
}
