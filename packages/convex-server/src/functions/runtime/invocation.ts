import { AsyncLocalStorage } from "node:async_hooks";
import type { JSONValue } from "convex/values";
import type { FromWorker } from "./messages.ts";

/** One running function inside a worker. */
export interface RunningFunction {
  readonly id: number;
  readonly snapshotTimestamp: string;
  /** Milliseconds since 1970; what a query or mutation calls has begun with it. */
  readonly beganAt: number;
  readonly streams: Map<number, BufferedStream>;
  /** Answers a call that needs the database or another service; throws inside the function what it refuses. */
  readonly ask: (op: string, args: string) => Promise<string>;
}

/** A database query whose documents arrive in batches and are handed out one by one. */
export interface BufferedStream {
  /** The serialized query until its first batch has been asked for. */
  query: JSONValue | null;
  documents: string[];
  isDone: boolean;
}

/** Which function the code that runs right now belongs to. */
export const running = new AsyncLocalStorage<RunningFunction>();

export const current = (): RunningFunction => {
  const invocation = running.getStore();
  if (invocation === undefined) {
    throw new Error("The database and the other services can only be used while a function runs.");
  }
  return invocation;
};

export type Send = (message: FromWorker) => void;
