import type { JSONValue } from "convex/values";
import type { Identity } from "../auth/identity.ts";
import { callerOf, newRequestId } from "../functions/caller.ts";
import type { QueryAnswer, QueryCall, QueryRunner } from "../functions/query-runner.ts";
import { canonicalPath, normalizedText } from "../functions/registry.ts";
import type { IndexWrite } from "../storage/documents.ts";
import type { Store } from "../storage/store.ts";

/** One query as a client asks for it. */
export interface QuerySpec {
  readonly path: string;
  readonly args: JSONValue;
  /** Where the page of the last answer ended, so that a page keeps its bounds when its content changes. */
  readonly journal: string | null;
  readonly identity: Identity | null;
  /** Whose turn it takes where many queries wait. */
  readonly asker: string;
}

/** Told, in the turn of the commit, that an answer it shows is out of date. */
export interface QueryWatcher {
  becameStale(): void;
}

/** A query that somebody watches, and its last answer. */
export class CachedQuery {
  readonly key: string;
  readonly spec: QuerySpec;
  readonly watchers = new Set<QueryWatcher>();
  answer: QueryAnswer | null = null;
  /** Timestamp of the commit that has made the answer out of date; null while there is none, or no answer. */
  staleFrom: bigint | null = null;
  running: Promise<void> | null = null;
  /** Given up: with its answer, what all clients watch takes more memory than there is for it. */
  isExcess = false;

  constructor(key: string, spec: QuerySpec) {
    this.key = key;
    this.spec = spec;
  }

  /** Characters of its answer. */
  get size(): number {
    return this.answer?.isSuccess === true ? this.answer.value.length : 0;
  }

  get isFresh(): boolean {
    return this.answer !== null && this.staleFrom === null;
  }

  /** Whether no commit can change its answer. */
  get isConstant(): boolean {
    return this.isFresh && this.answer?.reads.isEmpty === true;
  }

  /** Whether its answer may be shown to this identity. */
  suits(identity: Identity | null): boolean {
    const isPersonal = this.answer?.hasReadIdentity ?? true;
    return !isPersonal || this.spec.identity?.key === identity?.key;
  }
}

/** An admin may be answered where a client is refused, so their answers are apart. */
const sharedKey = ({ path, args, journal, identity }: QuerySpec): string =>
  `${identity?.isAdmin ? "admin " : ""}${canonicalPath(path)}\n${normalizedText(args)}\n${journal ?? ""}`;

const callOf = ({ path, args, journal, identity, asker }: QuerySpec): QueryCall => ({
  path,
  args,
  journal,
  caller: callerOf(identity),
  context: { identity, requestId: newRequestId(), asker, ip: null, userAgent: null, scheduledFunctionId: null },
});

const personalKey = (spec: QuerySpec): string => `${sharedKey(spec)}\n${spec.identity?.key ?? ""}`;

/**
 * The queries that sessions watch. One answer serves everybody who asks the same, unless the function asks who is
 * calling. A commit that touches what an answer has read makes it stale, and whoever watches it is told.
 */
export class QueryCache {
  readonly #runner: QueryRunner;
  readonly #store: Store;
  readonly #queries = new Map<string, CachedQuery>();
  /** Fresh answers by the indexes that they depend on. */
  readonly #byIndex = new Map<string, Set<CachedQuery>>();
  readonly #sizeMax: number;
  /** Characters of all answers that are watched. */
  #size = 0;

  /** `sizeMax`: of the answers of all queries together, in characters. */
  constructor(runner: QueryRunner, store: Store, sizeMax: number) {
    this.#runner = runner;
    this.#store = store;
    this.#sizeMax = sizeMax;
    store.onCommit((writes, timestamp) => this.#invalidate(writes, timestamp));
  }

  get count(): number {
    return new Set(this.#queries.values()).size;
  }

  /** Characters of all answers that are watched. */
  get size(): number {
    return this.#size;
  }

  /** The entry for a query, to be given back with `release`. */
  acquire(spec: QuerySpec, watcher: QueryWatcher): CachedQuery {
    const shared = this.#queries.get(sharedKey(spec));
    const query = shared?.suits(spec.identity) ? shared : this.#personal(spec);
    query.watchers.add(watcher);
    return query;
  }

  release(query: CachedQuery, watcher: QueryWatcher): void {
    query.watchers.delete(watcher);
    if (query.watchers.size > 0) return;
    this.#forget(query);
    this.#answer(query, null);
    for (const key of [query.key, sharedKey(query.spec)]) {
      if (this.#queries.get(key) === query) this.#queries.delete(key);
    }
  }

  /** Runs the query unless its answer is fresh; callers share one run, which a commit may overtake. */
  async refresh(query: CachedQuery): Promise<void> {
    if (query.isFresh) return;
    query.running ??= this.#runner
      .run(callOf(query.spec), (answer) => this.#settle(query, answer))
      .then(() => undefined)
      .finally(() => {
        query.running = null;
      });
    await query.running;
  }

  /** Runs these queries on one state; `onAnswers` is called in the turn in which they all have answers of it. */
  async refreshTogether(queries: readonly CachedQuery[], onAnswers: () => void): Promise<void> {
    const calls = queries.map(({ spec }) => callOf(spec));
    await this.#runner.runTogether(calls, (answers) => {
      for (const [position, answer] of answers.entries()) {
        const query = queries[position];
        if (query !== undefined) this.#settle(query, answer);
      }
      onAnswers();
    });
  }

  /** Makes every answer out of date, after a change of the code. */
  invalidateAll(): void {
    this.#makeStale(new Set(this.#queries.values()), this.#store.latestTimestamp);
  }

  #personal(spec: QuerySpec): CachedQuery {
    const key = personalKey(spec);
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    const query = new CachedQuery(key, spec);
    this.#queries.set(key, query);
    return query;
  }

  #settle(query: CachedQuery, answer: QueryAnswer): void {
    this.#unregister(query);
    query.staleFrom = answer.staleFrom;
    if (query.watchers.size === 0) {
      this.#forget(query);
      return;
    }
    this.#answer(query, answer);
    if (query.isFresh) {
      for (const index of answer.reads.indexes()) {
        const readers = this.#byIndex.get(index) ?? new Set();
        this.#byIndex.set(index, readers.add(query));
      }
    }
    const shared = sharedKey(query.spec);
    if (answer.hasReadIdentity) {
      if (this.#queries.get(shared) === query) this.#queries.delete(shared);
    } else if (!this.#queries.has(shared)) {
      this.#queries.set(shared, query);
    }
  }

  /** Whoever watches the largest answers is the one who loses them. */
  #answer(query: CachedQuery, answer: QueryAnswer | null): void {
    this.#size -= query.size;
    query.answer = answer;
    this.#size += query.size;
    if (this.#size <= this.#sizeMax) return;
    const bySize = [...new Set(this.#queries.values())].sort((a, b) => a.size - b.size);
    for (let largest = bySize.pop(); largest !== undefined && this.#size > this.#sizeMax; largest = bySize.pop()) {
      this.#unregister(largest);
      this.#size -= largest.size;
      largest.answer = null;
      largest.isExcess = true;
      for (const watcher of largest.watchers) watcher.becameStale();
    }
  }

  #invalidate(writes: readonly IndexWrite[], timestamp: bigint): void {
    const stale = new Set<CachedQuery>();
    for (const index of new Set(writes.map((write) => write.index))) {
      for (const query of this.#byIndex.get(index) ?? []) {
        if (query.answer?.reads.isTouchedBy(writes)) stale.add(query);
      }
    }
    this.#makeStale(stale, timestamp);
  }

  #makeStale(queries: ReadonlySet<CachedQuery>, timestamp: bigint): void {
    for (const query of queries) {
      this.#unregister(query);
      if (query.isFresh) query.staleFrom = timestamp;
    }
    for (const query of queries) for (const watcher of query.watchers) watcher.becameStale();
  }

  /** Nobody watches it any more, so its answer is not kept up. */
  #forget(query: CachedQuery): void {
    this.#unregister(query);
    query.staleFrom ??= query.answer?.timestamp ?? null;
  }

  /** From now on no commit is its concern. */
  #unregister(query: CachedQuery): void {
    for (const index of query.answer?.reads.indexes() ?? []) {
      const readers = this.#byIndex.get(index);
      readers?.delete(query);
      if (readers?.size === 0) this.#byIndex.delete(index);
    }
  }
}
