import { Fault } from "../faults.ts";
import type { Registry } from "../functions/registry.ts";
import type { Document } from "../storage/documents.ts";
import type { Store } from "../storage/store.ts";
import { readDocument } from "../storage/stored-document.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { insertInto, remove, update } from "../transaction/writes.ts";
import { indexKey } from "../values/index-key.ts";
import { type CronJob, firstRun, nextRun } from "./cron-schedule.ts";
import { jobsTable, scheduleJob } from "./jobs.ts";

export const cronsTable = "_cron_jobs";
export const cronIndexes = { by_next_time: ["nextTime"] } as const;

/** What is kept of one: which declaration it is of, when it runs next, and the scheduled function of its last run. */
interface KeptCron {
  readonly id: string;
  readonly name: string;
  readonly declared: string;
  readonly nextTime: number;
  readonly lastJobId: string | null;
}

const textOf = ({ path, args, schedule }: CronJob): string => JSON.stringify({ path, args, schedule });

const keptOf = ({ _id, name, declared, nextTime, lastJobId }: Document): KeptCron => ({
  id: _id,
  name: String(name),
  declared: String(declared),
  nextTime: Number(nextTime),
  lastJobId: typeof lastJobId === "string" ? lastJobId : null,
});

/** Throws a fault where a declared job names no function that can be scheduled, or a schedule that can't be read. */
export const requireCrons = (crons: readonly CronJob[], registry: Registry): void => {
  for (const { name, path, schedule } of crons) {
    const { kind } = registry.find(path, "function");
    if (kind === "query") throw new Fault("InvalidRequest", `The cron job "${name}" runs a query: ${path}.`);
    firstRun(name, schedule, 0);
  }
};

const keptBefore = (store: Store, before: number): readonly KeptCron[] => {
  const index = store.catalog.index(cronsTable, "by_next_time");
  if (index === undefined) return [];
  const range = { from: indexKey([Number.NEGATIVE_INFINITY]), to: indexKey([before]) };
  return store.committed
    .scan(index, range, "asc", Number.MAX_SAFE_INTEGER)
    .map(({ text }) => keptOf(readDocument(text)));
};

const allKept = (store: Store): readonly KeptCron[] => keptBefore(store, Number.POSITIVE_INFINITY);

/** The names of jobs that are due, and when the next one is; infinity without any. */
export const dueCrons = (store: Store, now: number): { readonly due: readonly string[]; readonly next: number } => {
  const kept = allKept(store);
  const due = kept.filter(({ nextTime }) => nextTime <= now);
  return { due: due.map(({ id }) => id), next: kept[due.length]?.nextTime ?? Number.POSITIVE_INFINITY };
};

/** Brings what is kept to what is declared: what has not changed keeps its time. */
export const alignCrons = (transaction: Transaction, declared: readonly CronJob[], now: number): void => {
  const kept = new Map(allKept(transaction.store).map((cron) => [cron.name, cron]));
  for (const cron of declared) {
    const text = textOf(cron);
    const known = kept.get(cron.name);
    kept.delete(cron.name);
    if (known?.declared === text) continue;
    const before = known === undefined ? null : transaction.get(cronsTable, known.id);
    const fields = { name: cron.name, declared: text, nextTime: firstRun(cron.name, cron.schedule, now) };
    if (before === null) insertInto(transaction, cronsTable, { ...fields, lastJobId: null });
    else update(transaction, cronsTable, before, { ...before, ...fields });
  }
  for (const { id } of kept.values()) {
    const gone = transaction.get(cronsTable, id);
    if (gone !== null) remove(transaction, cronsTable, gone);
  }
};

const isUnderWay = (transaction: Transaction, jobId: string | null): boolean => {
  const state = jobId === null ? undefined : transaction.get(jobsTable, jobId)?.state;
  const kind = typeof state === "object" && state !== null && "kind" in state ? state.kind : null;
  return kind === "pending" || kind === "inProgress";
};

/**
 * Schedules the run of a job that is due and plans the next, in one step: so it happens once. A job whose last run is
 * still under way is passed over.
 */
export const runCron = (transaction: Transaction, id: string, now: number): void => {
  const before = transaction.get(cronsTable, id);
  if (before === null) return;
  const { name, declared, nextTime, lastJobId } = keptOf(before);
  if (nextTime > now) return;
  const { path, args, schedule } = JSON.parse(declared) as CronJob;
  const jobId = isUnderWay(transaction, lastJobId) ? lastJobId : scheduleJob(transaction, path, args, nextTime, now);
  const next = nextRun(name, schedule, nextTime, now);
  update(transaction, cronsTable, before, { ...before, nextTime: next, lastJobId: jobId });
};
