import { AsyncLocalStorage } from "node:async_hooks";
import type { JSONValue } from "convex/values";
import type { FromWorker } from "./messages.ts";

/** One running function inside a worker. */
export interface RunningFunction {
  readonly id: number;
  readonly snapshotTimestamp: string;
  /** Milliseconds since 1970; what a query or mutation calls has begun with it. */
  readonly beganAt: number;
  /** What `Math.random` gives; null: chance. */
  readonly random: (() => number) | null;
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

/** The number that stands for no function: what modules do when they are loaded, which the server's log tells of. */
export const moduleScope = 0;

/** The same when they are evaluated again for a call, which nobody is told of twice. */
export const repeatedModuleScope = -1;

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
