import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { Fault } from "../faults.ts";
import { isLost } from "../functions/answers.ts";
import { internalContext } from "../functions/caller.ts";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { remove } from "../transaction/writes.ts";
import { BackOff } from "./back-off.ts";
import { endedJobs, isPending, type Job, type JobState, jobsIn, jobsTable, moveJob } from "./jobs.ts";

export interface SchedulerOptions {
  readonly store: Store;
  readonly runner: Pick<Runner, "runMutation" | "runAction" | "transact">;
  readonly deployment: () => Pick<Deployment, "registry">;
  readonly log: Logger;
  readonly now: () => number;
}

/** Of mutations, and of actions besides: endless actions hold up no mutation. */
const concurrentMax = 32;
/** How far a look goes past jobs that have no place, for one of the other kind; and how often one goes so far. */
const farLookMax = 4_096;
const farLookEveryMs = 100;
const sleepMaxMs = 60_000;
/** How long the results of scheduled functions can be read. */
const keepEndedMs = 7 * 24 * 3_600_000;
const pruneIntervalMs = 3_600_000;
const pruneBatch = 256;

const isDiskFull = (thrown: unknown): boolean => thrown instanceof Fault && thrown.code === "DiskFull";

type Lane = "mutation" | "action";

/**
 * Runs scheduled functions at their time: mutations exactly once, actions at most once. A mutation that lost its thread
 * to another function stays pending and is tried again.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #running = new Map<string, { readonly lane: Lane; readonly run: Promise<void> }>();
  readonly #backOff = new BackOff();
  #lastFarLook = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #pruneTimer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Gives up on actions that a stopped server left behind, then runs whatever is due. */
  async start(): Promise<void> {
    const { store, runner, log, now } = this.#options;
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
    const pruneAgain = (): Promise<void> =>
      this.#prune().catch((err: unknown) => log.error({ err }, "what is over could not be removed"));
    this.#pruneTimer = setInterval(() => void pruneAgain(), pruneIntervalMs).unref();
    store.onCommit((writes) => {
      if (writes.some(({ index }) => index.startsWith(`${jobsTable}.`))) this.#wakeUp();
    });
    this.#wakeUp();
  }

  /** Scheduled functions that run. */
  get runningCount(): number {
    return this.#running.size;
  }

  /** Starts nothing new; running jobs are left to end, or to be given up at the next start. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#pruneTimer !== null) clearInterval(this.#pruneTimer);
  }

  /** Resolves when no job is running. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ run }) => run));
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
    const moment = now();
    const isFar = performance.now() - this.#lastFarLook >= farLookEveryMs;
    const jobs = jobsIn(store, "pending", isFar ? farLookMax : concurrentMax * 4);
    let next = Number.POSITIVE_INFINITY;
    let left = 0;
    for (const job of jobs) {
      if (this.#running.has(job.id)) continue;
      const at = Math.max(job.scheduledTime, this.#backOff.until(job.id, moment));
      next = Math.min(next, at > moment ? at : next);
      if (job.scheduledTime > moment) break;
      if (at > moment) continue;
      if (!this.#begin(job)) left += 1;
    }
    if (isFar && jobs.length > concurrentMax * 4) this.#lastFarLook = performance.now();
    // Whatever ends wakes this up; only a kind of which nothing runs may stand behind what was looked at.
    const isHidden = left > 0 && !isFar && (this.#countOf("mutation") === 0 || this.#countOf("action") === 0);
    const waitMs = isHidden ? farLookEveryMs : Math.min(Math.max(next - moment, 0), sleepMaxMs);
    if (isHidden || next < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#runDue(), waitMs);
  }

  #countOf(lane: Lane): number {
    let count = 0;
    for (const running of this.#running.values()) if (running.lane === lane) count += 1;
    return count;
  }

  /** Starts a job that is due, unless as many of its kind run as may. */
  #begin(job: Job): boolean {
    const lane = this.#laneOf(job);
    if (this.#countOf(lane) >= concurrentMax) return false;
    const run = this.#run(job)
      .catch((err: unknown) => this.#putOff(job, err))
      .finally(() => {
        this.#running.delete(job.id);
        this.#wakeUp();
      });
    this.#running.set(job.id, { lane, run });
    return true;
  }

  /** A function that is not there any more fails at once, wherever it waits. */
  #laneOf({ path }: Job): Lane {
    try {
      return this.#options.deployment().registry.find(path, "function").kind === "action" ? "action" : "mutation";
    } catch {
      return "mutation";
    }
  }

  /** The job is left as it is; what it waits for ends by itself. */
  #putOff({ id, path }: Job, err: unknown): void {
    const { log, now } = this.#options;
    if (isDiskFull(err)) log.warn({ path }, "a scheduled function waits until there is room on the disk");
    else log.error({ err, path }, "the state of a scheduled function could not be kept");
    this.#backOff.wait(id, now());
  }

  async #run(job: Job): Promise<void> {
    try {
      const { kind } = this.#options.deployment().registry.find(job.path, "function");
      if (kind === "mutation") await this.#runMutation(job);
      else await this.#runAction(job);
    } catch (thrown) {
      if (isDiskFull(thrown)) throw thrown;
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
        wasPending = isPending(transaction, id);
        return wasPending;
      },
      // A function may cancel itself: what it has done stays, and so does that.
      onSuccess: (transaction) => void moveJob(transaction, id, ["pending"], { kind: "success" }, now()),
    });
    if (!answer.isSuccess && isDiskFull(answer.fault)) throw answer.fault;
    if (wasPending && isLost(answer) && (this.#isStopped || this.#backOff.defer(id, now()))) return;
    this.#backOff.forget(id);
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
    await this.#endAtLast(job, state);
  }

  /** What an action has come to is known here alone, so it is kept until there is room for it. */
  async #endAtLast(job: Job, state: JobState): Promise<void> {
    const { log, now } = this.#options;
    while (!this.#isStopped) {
      try {
        await this.#end(job, ["inProgress"], state);
        return;
      } catch (thrown) {
        if (!isDiskFull(thrown)) throw thrown;
        log.warn({ path: job.path }, "the end of a scheduled action waits until there is room on the disk");
        this.#backOff.wait(job.id, now());
        await delay(Math.max(this.#backOff.until(job.id, now()) - now(), 0), undefined, { ref: false });
      }
    }
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
