import type { JSONValue } from "convex/values";
import type { Identity } from "../auth/identity.ts";
import { newRequestId } from "../functions/caller.ts";
import { canonicalPath, normalizedText } from "../functions/registry.ts";
import type { QueryAnswer, Runner } from "../functions/runner.ts";
import type { IndexWrite } from "../storage/documents.ts";
import type { Store } from "../storage/store.ts";

/** One query as a client asks for it. */
export interface QuerySpec {
  readonly path: string;
  readonly args: JSONValue;
  /** Where the page of the last answer ended, so that a page keeps its bounds when its content changes. */
  readonly journal: string | null;
  readonly identity: Identity | null;
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
  isFresh = false;
  running: Promise<void> | null = null;

  constructor(key: string, spec: QuerySpec) {
    this.key = key;
    this.spec = spec;
  }

  /** Whether its answer may be shown to this identity. */
  suits(identity: Identity | null): boolean {
    const isPersonal = this.answer?.transaction.hasReadIdentity ?? true;
    return !isPersonal || this.spec.identity?.key === identity?.key;
  }
}

const sharedKey = ({ path, args, journal }: QuerySpec): string =>
  `${canonicalPath(path)}\n${normalizedText(args)}\n${journal ?? ""}`;

const personalKey = (spec: QuerySpec): string => `${sharedKey(spec)}\n${spec.identity?.key ?? ""}`;

/**
 * The queries that sessions watch. One answer serves everybody who asks the same, unless the function asks who is
 * calling. A commit that touches what an answer has read makes it stale, and whoever watches it is told.
 */
export class QueryCache {
  readonly #runner: Runner;
  readonly #queries = new Map<string, CachedQuery>();
  /** Fresh answers by the indexes that they depend on. */
  readonly #byIndex = new Map<string, Set<CachedQuery>>();

  constructor(runner: Runner, store: Store) {
    this.#runner = runner;
    store.onCommit((writes) => this.#invalidate(writes));
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
    this.#setStale(query);
    for (const key of [query.key, sharedKey(query.spec)]) {
      if (this.#queries.get(key) === query) this.#queries.delete(key);
    }
  }

  /** Runs the query unless its answer is fresh; callers share one run. */
  async refresh(query: CachedQuery): Promise<void> {
    if (query.isFresh) return;
    query.running ??= this.#run(query, false).finally(() => {
      query.running = null;
    });
    await query.running;
  }

  /** The same for a caller who keeps everybody else from committing; waits for no run that may wait for the caller. */
  async refreshAlone(query: CachedQuery): Promise<void> {
    if (!query.isFresh) await this.#run(query, true);
  }

  /** Makes every answer stale, after a change of the code. */
  invalidateAll(): void {
    this.#makeStale(new Set(this.#queries.values()));
  }

  #personal(spec: QuerySpec): CachedQuery {
    const key = personalKey(spec);
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    const query = new CachedQuery(key, spec);
    this.#queries.set(key, query);
    return query;
  }

  async #run(query: CachedQuery, isAlone: boolean): Promise<void> {
    const { path, args, journal, identity } = query.spec;
    const context = { identity, requestId: newRequestId(), ip: null, userAgent: null, scheduledFunctionId: null };
    const onAnswer = (answer: QueryAnswer): void => this.#settle(query, answer);
    await this.#runner.runQuery({ path, args, caller: "client", context }, { journal, onAnswer, isAlone });
  }

  #settle(query: CachedQuery, answer: QueryAnswer): void {
    this.#setStale(query);
    query.answer = answer;
    if (query.watchers.size === 0) return;
    query.isFresh = true;
    for (const index of answer.transaction.reads.indexes()) {
      const readers = this.#byIndex.get(index) ?? new Set();
      this.#byIndex.set(index, readers.add(query));
    }
    const shared = sharedKey(query.spec);
    if (answer.transaction.hasReadIdentity) {
      if (this.#queries.get(shared) === query) this.#queries.delete(shared);
    } else if (!this.#queries.has(shared)) {
      this.#queries.set(shared, query);
    }
  }

  #invalidate(writes: readonly IndexWrite[]): void {
    const stale = new Set<CachedQuery>();
    for (const index of new Set(writes.map((write) => write.index))) {
      for (const query of this.#byIndex.get(index) ?? []) {
        if (query.answer?.transaction.reads.isTouchedBy(writes)) stale.add(query);
      }
    }
    this.#makeStale(stale);
  }

  #makeStale(queries: ReadonlySet<CachedQuery>): void {
    for (const query of queries) this.#setStale(query);
    for (const query of queries) for (const watcher of query.watchers) watcher.becameStale();
  }

  #setStale(query: CachedQuery): void {
    query.isFresh = false;
    for (const index of query.answer?.transaction.reads.indexes() ?? []) {
      const readers = this.#byIndex.get(index);
      readers?.delete(query);
      if (readers?.size === 0) this.#byIndex.delete(index);
    }
  }
}
