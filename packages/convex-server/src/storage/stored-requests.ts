import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Names one mutation of one client for as long as that client lives. */
export interface RequestKey {
  readonly sessionId: string;
  readonly requestId: number;
}

export interface StoredResult {
  /** Convex-encoded JSON text. */
  readonly value: string;
  readonly timestamp: bigint;
}

/**
 * Results of the mutations that clients asked for, kept in the mutation's own transaction: a request that is sent
 * again after a lost connection gets the first answer and has no second effect.
 */
export class StoredRequests {
  readonly #find: StatementSync;
  readonly #save: StatementSync;
  readonly #prune: StatementSync;

  constructor(connection: DatabaseSync) {
    this.#find = connection.prepare("SELECT result, ts FROM requests WHERE session_id = ? AND request_id = ?");
    this.#find.setReadBigInts(true);
    this.#save = connection.prepare(
      "INSERT INTO requests (session_id, request_id, result, ts, completed_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#prune = connection.prepare("DELETE FROM requests WHERE completed_at < ?");
  }

  find(key: RequestKey): StoredResult | null {
    const row = this.#find.get(key.sessionId, key.requestId);
    return row === undefined ? null : { value: String(row.result), timestamp: BigInt(row.ts as bigint) };
  }

  save(key: RequestKey, result: StoredResult, completedAt: number): void {
    this.#save.run(key.sessionId, key.requestId, result.value, result.timestamp, Math.floor(completedAt));
  }

  /** Forgets requests completed before this time; returns how many. */
  prune(before: number): number {
    return Number(this.#prune.run(Math.floor(before)).changes);
  }
}
