import type { ThreadId } from "@threadbox/contracts/ids";
import { newRequestId } from "../../platform/ids.ts";
import type { LoginStorage } from "./book.ts";

interface Waiting {
  /** Tells one asking from the next. */
  readonly asking: string;
  /** How often telling it has failed. */
  readonly misses: number;
  /** When it is to be told again; null: nothing is owed to it. */
  readonly owedAt: number | null;
}

export interface WaitingHost {
  readonly now: () => number;
  /** Whether the thread's login still has to be connected again. */
  readonly isSignedOut: (threadId: ThreadId) => boolean;
  readonly tell: (threadId: ThreadId) => Promise<void>;
}

const prefix = "waiting:";
const pauseMs = { first: 1_000, last: 5 * 60_000 };

/**
 * Threads whose turns wait for a login of this user's. Each is told once its wait is over, and told again until it has
 * heard; then it is forgotten, because whoever goes on waiting asks anew.
 */
export class WaitingThreads {
  readonly #storage: LoginStorage;
  readonly #host: WaitingHost;
  readonly #telling = new Map<ThreadId, Promise<void>>();

  constructor(storage: LoginStorage, host: WaitingHost) {
    this.#storage = storage;
    this.#host = host;
  }

  add(threadId: ThreadId): void {
    this.#write(threadId, { asking: newRequestId(), misses: 0, owedAt: null });
  }

  #write(threadId: ThreadId, waiting: Waiting): void {
    this.#storage.put(`${prefix}${threadId}`, waiting);
  }

  #find(threadId: ThreadId): Waiting | undefined {
    return this.#storage.get<Waiting>(`${prefix}${threadId}`);
  }

  #all(): readonly (readonly [ThreadId, Waiting])[] {
    return [...this.#storage.list<Waiting>({ prefix })].map(
      ([key, waiting]) => [key.slice(prefix.length) as ThreadId, waiting] as const,
    );
  }

  /** Whether anybody waits. */
  get isEmpty(): boolean {
    return this.#all().length === 0;
  }

  /** Tells those whose wait is over. Answers when it has to be called again; null: not until something changes. */
  async settle(): Promise<number | null> {
    const over = () => this.#all().filter(([threadId]) => !this.#host.isSignedOut(threadId));
    const due = over().filter(([, { owedAt }]) => (owedAt ?? 0) <= this.#host.now());
    await Promise.all(due.map(([threadId]) => this.#tellOnce(threadId)));
    const owed = over().map(([, { owedAt }]) => owedAt ?? this.#host.now());
    return owed.length === 0 ? null : Math.min(...owed);
  }

  #tellOnce(threadId: ThreadId): Promise<void> {
    const telling =
      this.#telling.get(threadId) ?? this.#tell(threadId).finally(() => void this.#telling.delete(threadId));
    this.#telling.set(threadId, telling);
    return telling;
  }

  async #tell(threadId: ThreadId): Promise<void> {
    const waiting = this.#find(threadId);
    if (waiting === undefined) return;
    const misses = waiting.misses + 1;
    const owedAt = this.#host.now() + Math.min(pauseMs.first * 2 ** waiting.misses, pauseMs.last);
    // Written before it is tried, so that it is tried again where this process ends.
    this.#write(threadId, { ...waiting, misses, owedAt });
    try {
      await this.#host.tell(threadId);
      // One that has asked meanwhile waits again.
      if (this.#find(threadId)?.asking === waiting.asking) this.#storage.delete(`${prefix}${threadId}`);
    } catch {
      // Owed, and told again.
    }
  }
}
