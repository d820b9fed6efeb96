import { setTimeout as delay } from "node:timers/promises";
import type { Identity } from "../auth/identity.ts";
import { newRequestId } from "../functions/caller.ts";
import type { Store } from "../storage/store.ts";
import { inParts, type QuerySetModification, type StateVersion, transitionText } from "./messages.ts";
import type { QueryCache } from "./query-cache.ts";
import { QuerySet } from "./query-set.ts";

export interface ClientViewOptions {
  readonly cache: QueryCache;
  readonly store: Store;
  readonly now: () => number;
  readonly asker: string;
  /** Whether the client may still be shown anything; says so itself where it may not. */
  readonly mayShow: () => boolean;
  /** Resolves when the client has read so much that it may be shown more. */
  readonly whenRead: () => Promise<void>;
  readonly send: (parts: Iterable<string>, size: number) => void;
  readonly fail: (thrown: unknown) => void;
}

const transitionLengthMax = 5 << 20;
/** More at once would only wait for each other, and take memory for answers that are more than the session may watch. */
const runsAtOnce = 8;
/** After this many rounds in which commits left no state common to all queries, they are run on one. */
const roundsMax = 4;
const pauseMsMax = 100;

/**
 * What one client sees: its queries, all of them of one state of the database, brought up to date as commits come. A
 * state that commits have overtaken meanwhile is shown, and the next one after a pause as long as it took: so whoever
 * watches what changes all the time is shown it often, holds up no commit, and takes no more than half a thread.
 */
export class ClientView {
  readonly #options: ClientViewOptions;
  readonly #queries: QuerySet;
  readonly #waiting: { readonly version: number; readonly resolve: () => void }[] = [];
  #identity: Identity | null = null;
  #querySetVersion = 0;
  #identityVersion = 0;
  #shown: StateVersion = { querySet: 0, identity: 0, timestamp: 0n };
  /** Timestamp of the last mutation of the client's that no transition has told of. */
  #owed: bigint | null = null;
  #clientClockSkew = 0;
  #isDirty = false;
  #isUpdating = false;
  #isClosed = false;

  constructor(options: ClientViewOptions) {
    this.#options = options;
    this.#queries = new QuerySet(options.cache, options.asker, { becameStale: () => this.#update() });
  }

  get identity(): Identity | null {
    return this.#identity;
  }

  get identityVersion(): number {
    return this.#identityVersion;
  }

  get querySetVersion(): number {
    return this.#querySetVersion;
  }

  /** Milliseconds by which the client's clock is ahead. */
  setClockSkew(skew: number): void {
    this.#clientClockSkew = skew;
  }

  setIdentity(identity: Identity | null): void {
    this.#identity = identity;
    this.#identityVersion += 1;
    this.#update();
  }

  /** Resolves when the client has been sent the first answers, or is gone. Throws a fault for what makes no sense. */
  modify(modifications: readonly QuerySetModification[], version: number): Promise<void> {
    this.#queries.modify(modifications);
    this.#querySetVersion = version;
    return new Promise((resolve) => {
      this.#waiting.push({ version, resolve });
      this.#update();
    });
  }

  /** The client has been told that its mutation was committed, and waits to see it. */
  owe(timestamp: bigint): void {
    if (this.#owed === null || timestamp > this.#owed) this.#owed = timestamp;
    this.#update();
  }

  close(): void {
    this.#isClosed = true;
    this.#queries.clear();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** Calls while an update is under way are served by it. */
  #update(): void {
    this.#isDirty = true;
    if (this.#isUpdating) return;
    this.#isUpdating = true;
    void this.#updateAll()
      .catch((thrown: unknown) => this.#options.fail(thrown))
      .finally(() => {
        this.#isUpdating = false;
        if (this.#isDirty && !this.#isClosed) this.#update();
      });
  }

  async #updateAll(): Promise<void> {
    // Behind the caller's turn, in which a commit may not have been told to everybody yet.
    await null;
    for (let round = 1; this.#isDirty && !this.#isClosed; round += 1) {
      await this.#options.whenRead();
      this.#isDirty = false;
      if (!this.#options.mayShow()) return;
      const startedAt = performance.now();
      const isShown = round <= roundsMax ? await this.#showNewest() : await this.#showTogether();
      if (isShown && this.#queries.isFresh) continue;
      this.#isDirty = true;
      if (!isShown) continue;
      round = 0;
      await delay(Math.min(performance.now() - startedAt, pauseMsMax), undefined, { ref: false });
    }
  }

  async #showNewest(): Promise<boolean> {
    const { cache } = this.#options;
    this.#queries.refuseExcess();
    const stale = this.#queries.attach(this.#identity).filter(({ isFresh }) => !isFresh);
    const run = async (): Promise<void> => {
      for (let query = stale.shift(); query !== undefined; query = stale.shift()) {
        // Nobody watches what has been refused meanwhile.
        if (query.watchers.size === 0) continue;
        await cache.refresh(query);
        this.#queries.refuseExcess();
      }
    };
    await Promise.all(Array.from({ length: Math.min(runsAtOnce, stale.length) }, run));
    return this.#show();
  }

  async #showTogether(): Promise<boolean> {
    let isShown = false;
    this.#queries.refuseExcess();
    // What has read nothing is the same in every state.
    const queries = this.#queries.attach(this.#identity).filter(({ isConstant }) => !isConstant);
    await this.#options.cache.refreshTogether([...new Set(queries)], () => {
      isShown = this.#show();
    });
    return isShown;
  }

  /** Sends what has changed, all of it of one state of the database. False when there is no such state. */
  #show(): boolean {
    const { store, now, send } = this.#options;
    if (this.#isClosed) return true;
    const start = this.#shown;
    const timestamp = this.#queries.commonTimestamp(this.#identity, store.latestTimestamp);
    if (timestamp === null || timestamp < start.timestamp) return false;
    const end = { querySet: this.#querySetVersion, identity: this.#identityVersion, timestamp };
    const modifications = this.#queries.takeModifications();
    const hasNewVersion = end.querySet !== start.querySet || end.identity !== start.identity;
    const isOwed = this.#owed !== null && timestamp >= this.#owed;
    if (modifications.length === 0 && !hasNewVersion && !isOwed) return true;
    if (isOwed) this.#owed = null;
    this.#shown = end;
    const clientClockSkew = this.#clientClockSkew;
    const text = transitionText({ start, end, modifications, clientClockSkew, serverTs: now() * 1e6 });
    send(inParts(text, newRequestId, transitionLengthMax), text.length);
    this.#tellShown();
    return true;
  }

  #tellShown(): void {
    const shown = this.#waiting.filter(({ version }) => version <= this.#shown.querySet);
    if (shown.length === 0) return;
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter((waiting) => !shown.includes(waiting)));
    for (const { resolve } of shown) resolve();
  }
}
