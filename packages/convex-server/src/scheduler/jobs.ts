import { getConvexSize, type JSONValue, jsonToConvex } from "convex/values";
import { Fault } from "../faults.ts";
import type { Document } from "../storage/documents.ts";
import type { Store } from "../storage/store.ts";
import { readDocument } from "../storage/stored-document.ts";
import { requireScheduledArgsLimit } from "../transaction/limits.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { insertInto, update } from "../transaction/writes.ts";
import { endOfPrefix } from "../values/bytes.ts";
import { indexKey } from "../values/index-key.ts";

export const jobsTable = "_scheduled_functions";
export const jobIndexes = {
  by_state: ["state.kind", "scheduledTime"],
  by_completed_time: ["completedTime"],
} as const;

/**
 * pending → inProgress (actions only) → success | failed; pending → canceled; inProgress → canceled.
 * A mutation goes from pending to its end in its own transaction.
 */
export type JobState =
  | { readonly kind: "pending" | "inProgress" | "success" | "canceled" }
  | { readonly kind: "failed"; readonly error: string };

export interface Job {
  readonly id: string;
  readonly path: string;
  readonly args: JSONValue;
  /** Milliseconds since 1970. */
  readonly scheduledTime: number;
}

const scheduleAheadMaxMs = 5 * 365 * 24 * 3_600_000;

/** Writes a job to be run at `runAt` (milliseconds since 1970); returns its id. */
export const scheduleJob = (
  transaction: Transaction,
  path: string,
  args: JSONValue,
  runAt: number,
  now: number,
): string => {
  if (!Number.isFinite(runAt))
    throw new Fault("InvalidRequest", "The time to run a scheduled function must be finite.");
  if (runAt > now + scheduleAheadMaxMs) {
    throw new Fault("InvalidRequest", "Functions cannot be scheduled more than five years ahead.");
  }
  const value = jsonToConvex(args);
  transaction.usage.add("functionsScheduled", 1);
  const size = getConvexSize(value);
  requireScheduledArgsLimit(size);
  transaction.usage.add("scheduledFunctionArgsBytes", size);
  const fields = { name: path, args: [value], scheduledTime: runAt, state: { kind: "pending" } };
  return insertInto(transaction, jobsTable, fields)._id;
};

const kindOf = (job: Document): string => {
  const { state } = job;
  return typeof state === "object" && state !== null && "kind" in state ? String(state.kind) : "";
};

/** Whether a job waits for its time, or is due. */
export const isPending = (transaction: Transaction, id: string): boolean => {
  const job = transaction.get(jobsTable, id);
  return job !== null && kindOf(job) === "pending";
};

/** Moves a job to a new state if it is in one of `from`; tells whether it did. */
export const moveJob = (
  transaction: Transaction,
  id: string,
  from: readonly JobState["kind"][],
  state: JobState,
  completedTime?: number,
): boolean => {
  const job = transaction.get(jobsTable, id);
  if (job === null || !from.some((kind) => kind === kindOf(job))) return false;
  const after = { ...job, state: { ...state }, ...(completedTime === undefined ? {} : { completedTime }) };
  update(transaction, jobsTable, job, after as Document);
  return true;
};

/** `scheduler.cancel`: harmless for a job that has ended. */
export const cancelJob = (transaction: Transaction, id: string, now: number): void => {
  if (transaction.tableOf(id) !== jobsTable) {
    throw new Fault(
      "Database",
      `Invalid argument \`id\` for \`scheduler.cancel\`: not the ID of a scheduled function.`,
    );
  }
  moveJob(transaction, id, ["pending", "inProgress"], { kind: "canceled" }, now);
};

const jobOf = (text: string): Job => {
  const { _id, name, args, scheduledTime } = JSON.parse(text);
  return { id: _id, path: name, args: args[0] ?? {}, scheduledTime };
};

/** The committed jobs in a state, the earliest first. */
export const jobsIn = (store: Store, kind: JobState["kind"], limit: number): Job[] => {
  const index = store.catalog.index(jobsTable, "by_state");
  if (index === undefined) return [];
  const from = indexKey([kind]);
  return store.committed.scan(index, { from, to: endOfPrefix(from) }, "asc", limit).map(({ text }) => jobOf(text));
};

/** How many committed jobs wait for their time, counted up to `max`. */
export const countPending = (store: Store, max: number): number => {
  const index = store.catalog.index(jobsTable, "by_state");
  if (index === undefined) return 0;
  const from = indexKey(["pending"]);
  return store.committed.countIn(index, { from, to: endOfPrefix(from) }, max);
};

/** Committed jobs that ended before `before` (milliseconds since 1970), the oldest first. */
export const endedJobs = (store: Store, before: number, limit: number): Document[] => {
  const index = store.catalog.index(jobsTable, "by_completed_time");
  if (index === undefined) return [];
  // Numbers sort behind undefined, so jobs without a completed time lie before this range.
  const range = { from: indexKey([Number.NEGATIVE_INFINITY]), to: indexKey([before]) };
  return store.committed.scan(index, range, "asc", limit).map(({ text }) => readDocument(text));
};
