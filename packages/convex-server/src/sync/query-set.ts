import type { JSONValue } from "convex/values";
import type { Identity } from "../auth/identity.ts";
import { Fault } from "../faults.ts";
import type { QueryAnswer } from "../functions/query-runner.ts";
import { ReadSet } from "../transaction/read-set.ts";
import type { QuerySetModification } from "./messages.ts";
import type { CachedQuery, QueryCache, QueryWatcher } from "./query-cache.ts";

/** Queries that one session may watch; those beyond fail with that reason. */
export const queriesMax = 256;
/** Beyond so many a session is ended. */
const subscriptionsMax = 1_024;
/** Characters of the arguments of all queries of one session. */
const argsSizeMax = 16 << 20;
/** Characters of the results that one session may watch. */
const resultsSizeMax = 64 << 20;

interface Subscription {
  readonly path: string;
  readonly args: JSONValue;
  readonly argsSize: number;
  /** Set when it goes beyond what a session may watch: what the client is told instead of an answer. */
  refusal: QueryAnswer | null;
  journal: string | null;
  entry: CachedQuery | null;
  /** The answer that the client shows. */
  sent: QueryAnswer | null;
}

/** What was written of an answer last: whoever watches the same mostly knows it by the same number. */
const written = new WeakMap<QueryAnswer, { readonly queryId: number; readonly text: string }>();

const modificationText = (queryId: number, answer: QueryAnswer): string => {
  const known = written.get(answer);
  if (known?.queryId === queryId) return known.text;
  const text = writeModification(queryId, answer);
  written.set(answer, { queryId, text });
  return text;
};

const writeModification = (queryId: number, answer: QueryAnswer): string => {
  const { journal, logLines } = answer;
  if (answer.isSuccess) {
    const rest = JSON.stringify({ type: "QueryUpdated", queryId, logLines, journal });
    // The value is text already; parsing it to write it again would cost more than the query.
    return `${rest.slice(0, -1)},"value":${answer.value}}`;
  }
  const { message: errorMessage, data: errorData } = answer.failure;
  return JSON.stringify({ type: "QueryFailed", queryId, errorMessage, errorData, logLines, journal });
};

const refusalOf = (message: string): QueryAnswer => ({
  isSuccess: false,
  failure: { message: `RateLimited: ${message}`, data: { code: "RateLimited", message } },
  fault: new Fault("Limit", message),
  logLines: [],
  journal: null,
  reads: new ReadSet(),
  hasReadIdentity: false,
  timestamp: 0n,
  staleFrom: null,
});

const isSame = (a: QueryAnswer | null, b: QueryAnswer): boolean =>
  a === b || (a?.isSuccess === true && b.isSuccess && a.value === b.value && a.journal === b.journal);

const oneArgument = (args: readonly JSONValue[]): JSONValue => (args.length === 0 ? {} : (args[0] ?? null));

/** The queries that one session watches. */
export class QuerySet {
  readonly #cache: QueryCache;
  readonly #asker: string;
  readonly #watcher: QueryWatcher;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #removed = new Set<number>();
  #argsSize = 0;

  /** `watcher` is told when any of them is out of date; `asker` names the session where queries wait. */
  constructor(cache: QueryCache, asker: string, watcher: QueryWatcher) {
    this.#cache = cache;
    this.#asker = asker;
    this.#watcher = watcher;
  }

  /** Throws a fault for what makes no sense and for what no session needs. */
  modify(modifications: readonly QuerySetModification[]): void {
    for (const modification of modifications) {
      if (modification.type === "Add") this.#add(modification);
      else this.#remove(modification.queryId);
    }
  }

  #add({
    queryId,
    udfPath: path,
    args: list,
    journal = null,
    componentPath,
  }: Extract<QuerySetModification, { type: "Add" }>): void {
    if (componentPath) throw new Fault("InvalidRequest", "Components are not supported.");
    if (this.#subscriptions.has(queryId)) throw new Fault("InvalidRequest", `Query ${queryId} is there already.`);
    if (this.#subscriptions.size >= subscriptionsMax) {
      throw new Fault("InvalidRequest", `Too many queries in one session (maximum ${queriesMax}).`);
    }
    const args = oneArgument(list);
    const argsSize = JSON.stringify(args).length;
    this.#argsSize += argsSize;
    if (this.#argsSize > argsSizeMax)
      throw new Fault("InvalidRequest", "The arguments of a session's queries are too large.");
    const refusal =
      this.#watched.length < queriesMax ? null : refusalOf(`A session watches at most ${queriesMax} queries.`);
    this.#subscriptions.set(queryId, { path, args, argsSize, refusal, journal, entry: null, sent: null });
  }

  #remove(queryId: number): void {
    const subscription = this.#subscriptions.get(queryId);
    if (subscription !== undefined) {
      this.#detach(subscription);
      this.#argsSize -= subscription.argsSize;
    }
    this.#subscriptions.delete(queryId);
    this.#removed.add(queryId);
  }

  /** Gives up the answers that are more than a session, or all of them, may watch, and what was asked after them and has none yet. */
  refuseExcess(): void {
    let size = 0;
    let isFull = false;
    for (const subscription of this.#watched) {
      if (subscription.entry?.isExcess) {
        this.#detach(subscription);
        subscription.refusal = refusalOf(
          "What all clients watch together takes too much memory; this was the largest.",
        );
        continue;
      }
      const own = subscription.entry?.size ?? 0;
      const isUnanswered = !subscription.entry?.answer;
      if (size + own <= resultsSizeMax && !(isFull && isUnanswered)) {
        size += own;
        continue;
      }
      isFull = true;
      this.#detach(subscription);
      const mebibytes = resultsSizeMax >> 20;
      subscription.refusal = refusalOf(
        `The results of the queries that a session watches take at most ${mebibytes} MiB.`,
      );
    }
  }

  get #watched(): Subscription[] {
    return [...this.#subscriptions.values()].filter(({ refusal }) => refusal === null);
  }

  /** The entries whose answers this identity may see; those that are not fresh have to be run. */
  attach(identity: Identity | null): CachedQuery[] {
    return this.#watched.map((subscription) => {
      const { entry } = subscription;
      if (entry?.isFresh && entry.suits(identity)) return entry;
      const { path, args, journal } = subscription;
      const asker = identity?.key ?? this.#asker;
      const next = this.#cache.acquire({ path, args, journal, identity, asker }, this.#watcherOf(subscription));
      if (entry !== null && entry !== next) this.#cache.release(entry, this.#watcherOf(subscription));
      subscription.entry = next;
      return next;
    });
  }

  /** Whether no commit has overtaken what is shown. */
  get isFresh(): boolean {
    return this.#watched.every(({ entry }) => entry?.isFresh === true);
  }

  /**
   * A timestamp at which all the answers stand, `latest` if they still do; null where there is none, or where an answer
   * for this identity is missing.
   */
  commonTimestamp(identity: Identity | null, latest: bigint): bigint | null {
    let from = 0n;
    let until: bigint | null = null;
    for (const { entry } of this.#watched) {
      if (!entry?.answer || !entry.suits(identity)) return null;
      const { answer, staleFrom } = entry;
      if (answer.timestamp > from) from = answer.timestamp;
      if (staleFrom !== null && (until === null || staleFrom < until)) until = staleFrom;
    }
    if (until === null) return latest;
    return from < until ? from : null;
  }

  /** What has changed for the client since this was last asked. All answers must stand at one timestamp. */
  takeModifications(): string[] {
    const modifications = [...this.#removed].map((queryId) => JSON.stringify({ type: "QueryRemoved", queryId }));
    this.#removed.clear();
    for (const [queryId, subscription] of this.#subscriptions) {
      const answer = subscription.refusal ?? subscription.entry?.answer;
      if (answer === null || answer === undefined) continue;
      if (!isSame(subscription.sent, answer)) modifications.push(modificationText(queryId, answer));
      subscription.sent = answer;
      subscription.journal = answer.journal;
    }
    return modifications;
  }

  clear(): void {
    for (const subscription of this.#subscriptions.values()) this.#detach(subscription);
    this.#subscriptions.clear();
  }

  readonly #watchers = new WeakMap<Subscription, QueryWatcher>();

  /** One watcher for each subscription, because two of one session may share an entry. */
  #watcherOf(subscription: Subscription): QueryWatcher {
    const known = this.#watchers.get(subscription);
    if (known !== undefined) return known;
    const watcher = { becameStale: () => this.#watcher.becameStale() };
    this.#watchers.set(subscription, watcher);
    return watcher;
  }

  #detach(subscription: Subscription): void {
    if (subscription.entry !== null) this.#cache.release(subscription.entry, this.#watcherOf(subscription));
    subscription.entry = null;
  }
}
