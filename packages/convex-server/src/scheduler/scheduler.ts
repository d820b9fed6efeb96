import type { Logger } from "pino";
import { Fault } from "../faults.ts";
import { internalContext } from "../functions/caller.ts";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { remove } from "../transaction/writes.ts";
import { endedJobs, type Job, type JobState, jobsIn, jobsTable, moveJob } from "./jobs.ts";

export interface SchedulerOptions {
  readonly store: Store;
  readonly runner: Runner;
  readonly deployment: () => Deployment;
  readonly log: Logger;
  readonly now: () => number;
}

const concurrentMax = 32;
const sleepMaxMs = 60_000;
/** How long the results of scheduled functions can be read. */
const keepEndedMs = 7 * 24 * 3_600_000;
const pruneIntervalMs = 3_600_000;
const pruneBatch = 256;

/** Runs scheduled functions at their time: mutations exactly once, actions at most once. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #pruneTimer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Gives up on actions that a stopped server left behind, then runs whatever is due. */
  async start(): Promise<void> {
    const { store, runner, now } = this.#options;
    for (
      let left = jobsIn(store, "inProgress", pruneBatch);
      left.length > 0;
      left = jobsIn(store, "inProgress", pruneBatch)
    ) {
      const error = "The server stopped while the action was running.";
      await runner.transact((transaction) => {
        for (const { id } of left) moveJob(transaction, id, ["inProgress"], { kind: "failed", error }, now());
      });
    }
    await this.#prune();
    this.#pruneTimer = setInterval(() => void this.#prune(), pruneIntervalMs).unref();
    store.onCommit((writes) => {
      if (writes.some(({ index }) => index.startsWith(`${jobsTable}.`))) this.#wakeUp();
    });
    this.#wakeUp();
  }

  /** Starts nothing new; running jobs are left to end, or to be given up at the next start. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#pruneTimer !== null) clearInterval(this.#pruneTimer);
  }

  /** Resolves when no job is running. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #wakeUp(): void {
    if (this.#isStopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // Behind the turn of the commit, which may not be over for its other listeners.
    this.#timer = setTimeout(() => this.#runDue(), 0);
  }

  #runDue(): void {
    if (this.#isStopped) return;
    const { store, now } = this.#options;
    const pending = jobsIn(store, "pending", concurrentMax * 2).filter(({ id }) => !this.#running.has(id));
    for (const job of pending) {
      if (job.scheduledTime > now() || this.#running.size >= concurrentMax) break;
      const run = this.#run(job).finally(() => {
        this.#running.delete(job.id);
        this.#wakeUp();
      });
      this.#running.set(job.id, run);
    }
    const next = pending.find(({ id }) => !this.#running.has(id));
    if (next === undefined || this.#running.size >= concurrentMax) return;
    this.#timer = setTimeout(() => this.#runDue(), Math.min(Math.max(next.scheduledTime - now(), 0), sleepMaxMs));
  }

  async #run(job: Job): Promise<void> {
    try {
      const { kind } = this.#options.deployment().registry.find(job.path, "function");
      if (kind === "mutation") await this.#runMutation(job);
      else await this.#runAction(job);
    } catch (thrown) {
      if (!(thrown instanceof Fault))
        this.#options.log.error({ err: thrown, path: job.path }, "a scheduled function failed");
      const error = thrown instanceof Fault ? thrown.message : "Internal error of the embedded server.";
      await this.#end(job, ["pending", "inProgress"], { kind: "failed", error });
    }
  }

  async #runMutation({ id, path, args }: Job): Promise<void> {
    const { runner, now } = this.#options;
    let wasPending = true;
    const answer = await runner.runMutation({
      path,
      args,
      caller: "function",
      context: internalContext(id),
      onStart: (transaction) => {
        wasPending = moveJob(transaction, id, ["pending"], { kind: "success" }, now());
        return wasPending;
      },
    });
    if (wasPending && !answer.isSuccess) throw answer.fault;
  }

  async #runAction(job: Job): Promise<void> {
    const { runner } = this.#options;
    const { id, path, args } = job;
    const isMine = await runner.transact((transaction) =>
      moveJob(transaction, id, ["pending"], { kind: "inProgress" }),
    );
    if (!isMine) return;
    const answer = await runner.runAction({ path, args, caller: "function", context: internalContext(id) });
    const state: JobState = answer.isSuccess ? { kind: "success" } : { kind: "failed", error: answer.fault.message };
    await this.#end(job, ["inProgress"], state);
  }

  #end({ id }: Job, from: readonly JobState["kind"][], state: JobState): Promise<boolean> {
    const { runner, now } = this.#options;
    return runner.transact((transaction) => moveJob(transaction, id, from, state, now()));
  }

  async #prune(): Promise<void> {
    const { store, runner, now } = this.#options;
    const before = now() - keepEndedMs;
    for (let old = endedJobs(store, before, pruneBatch); old.length > 0; old = endedJobs(store, before, pruneBatch)) {
      await runner.transact((transaction) => {
        for (const job of old) {
          const present = transaction.get(jobsTable, job._id);
          if (present !== null) remove(transaction, jobsTable, present);
        }
      });
    }
    await runner.transact(() => store.requests.prune(before));
  }
}
