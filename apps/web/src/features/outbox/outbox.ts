import { readOutgoing } from "./kept.ts";
import type { KeyValue } from "./key-value.ts";
import type { OutgoingMessage, SendFailure } from "./outgoing.ts";

type Listener = () => void;

const nothing: readonly OutgoingMessage[] = [];

/**
 * Messages on their way, by thread. Kept on disk until the server confirms them, so that a closed tab or a lost
 * connection loses nothing; the server takes each id once, so sending again is safe.
 */
export class Outbox {
  readonly #store: KeyValue<unknown>;
  readonly #byThread = new Map<string, readonly OutgoingMessage[]>();
  readonly #loaded = new Map<string, Promise<void>>();
  readonly #listeners = new Set<Listener>();
  #pending: readonly string[] = [];
  constructor(store: KeyValue<unknown>) {
    this.#store = store;
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** The same array until something changes. */
  list(threadId: string): readonly OutgoingMessage[] {
    return this.#byThread.get(threadId) ?? nothing;
  }

  /** The threads with messages that are still to be sent, or not confirmed; the same array until they change. */
  pendingThreads = (): readonly string[] => this.#pending;

  /** Reads what earlier pages left in any thread. */
  async loadAll(): Promise<void> {
    const kept = await this.#store.entries().catch(() => []);
    await Promise.all(kept.map(([threadId]) => this.load(threadId)));
  }

  /** Reads what an earlier page left; whatever it was doing then, now it waits. */
  load(threadId: string): Promise<void> {
    const known = this.#loaded.get(threadId);
    if (known !== undefined) return known;
    const loading = this.#store
      .get(threadId)
      .catch(() => undefined)
      .then((value) => {
        const kept = readOutgoing(value);
        const here = this.list(threadId);
        const earlier = kept.filter(({ id }) => here.every((message) => message.id !== id));
        if (earlier.length > 0) this.#write(threadId, [...earlier, ...here]);
      });
    this.#loaded.set(threadId, loading);
    return loading;
  }

  add(threadId: string, message: Omit<OutgoingMessage, "state" | "failure">): void {
    this.#write(threadId, [...this.list(threadId), { ...message, state: "waiting" }]);
  }

  markSending(threadId: string, id: string): void {
    this.update(threadId, id, (message) => ({ ...withoutFailure(message), state: "sending" }));
  }

  markFailed(threadId: string, id: string, failure: SendFailure): void {
    this.update(threadId, id, (message) => ({ ...message, state: "failed", failure }));
  }

  retry(threadId: string, id: string): void {
    this.update(threadId, id, toWaiting);
  }

  /** The connection is gone: nobody knows whether what was being sent arrived, so it is sent again. */
  rewind(threadId: string): void {
    if (this.list(threadId).some(({ state }) => state === "sending"))
      this.#write(
        threadId,
        this.list(threadId).map((message) => (message.state === "sending" ? toWaiting(message) : message)),
      );
  }

  /** The server has it, or the person took it back. */
  remove(threadId: string, ids: ReadonlySet<string>): void {
    if (this.list(threadId).some(({ id }) => ids.has(id)))
      this.#write(
        threadId,
        this.list(threadId).filter(({ id }) => !ids.has(id)),
      );
  }

  update(threadId: string, id: string, change: (message: OutgoingMessage) => OutgoingMessage): void {
    this.#write(
      threadId,
      this.list(threadId).map((message) => (message.id === id ? change(message) : message)),
    );
  }

  #write(threadId: string, messages: readonly OutgoingMessage[]): void {
    this.#byThread.set(threadId, messages);
    const isPending = messages.some(({ state }) => state !== "failed");
    if (isPending !== this.#pending.includes(threadId))
      this.#pending = isPending
        ? [...this.#pending, threadId]
        : this.#pending.filter((pendingId) => pendingId !== threadId);
    const stored = messages.length === 0 ? this.#store.del(threadId) : this.#store.set(threadId, messages);
    // Without a working store a message lives as long as the page, which is what the page shows.
    stored.catch(() => undefined);
    for (const listener of this.#listeners) listener();
  }
}

const withoutFailure = ({ failure: _, ...message }: OutgoingMessage): OutgoingMessage => message;
const toWaiting = (message: OutgoingMessage): OutgoingMessage => ({ ...withoutFailure(message), state: "waiting" });
