import type { ReadSet } from "../transaction/read-set.ts";
import type { IndexWrite } from "./documents.ts";

interface Commit {
  readonly timestamp: bigint;
  readonly writes: readonly IndexWrite[];
}

/** Somebody who reads a state that commits may have overtaken. */
export interface LogReader {
  /** Timestamp of the state that was the last one when it began to read. */
  readonly since: bigint;
}

/** The commits that came while somebody was reading: whoever read an older state learns here how long it stood. */
export class CommitLog {
  readonly #readers = new Set<LogReader>();
  #commits: Commit[] = [];

  get length(): number {
    return this.#commits.length;
  }

  add(writes: readonly IndexWrite[], timestamp: bigint): void {
    if (this.#readers.size > 0) this.#commits.push({ timestamp, writes });
  }

  /** Keeps what is committed from now on, until the reader is let go. */
  enter(since: bigint): LogReader {
    const reader = { since };
    this.#readers.add(reader);
    return reader;
  }

  leave(reader: LogReader): void {
    this.#readers.delete(reader);
    let oldest: bigint | null = null;
    for (const { since } of this.#readers) if (oldest === null || since < oldest) oldest = since;
    const kept = oldest;
    this.#commits = kept === null ? [] : this.#commits.filter(({ timestamp }) => timestamp > kept);
  }

  /** Timestamp of the first commit behind `since` that changed what was read; null when it still stands. */
  firstTouching(reads: ReadSet, since: bigint): bigint | null {
    const found = this.#commits.find(({ timestamp, writes }) => timestamp > since && reads.isTouchedBy(writes));
    return found?.timestamp ?? null;
  }
}
