import type { Logger } from "pino";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { alignCrons, dueCrons, runCron } from "./cron-jobs.ts";

export interface CronsOptions {
  readonly store: Store;
  readonly runner: Pick<Runner, "transact">;
  readonly deployment: () => Pick<Deployment, "crons">;
  readonly log: Logger;
  readonly now: () => number;
}

/** A clock may be set meanwhile. */
const sleepMaxMs = 30_000;
const retryMs = 1_000;

/** Hands the jobs of `convex/crons.ts` to the scheduler at their times. */
export class Crons {
  readonly #options: CronsOptions;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: CronsOptions) {
    this.#options = options;
  }

  /** Takes over what the running code declares; to be called at the start and when other code has taken over. */
  async align(): Promise<void> {
    const { runner, deployment, now } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await runner.transact((transaction) => alignCrons(transaction, deployment().crons, now()));
    await this.#tick();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #tick(): Promise<void> {
    const { store, runner, log, now } = this.#options;
    if (this.#isStopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    let next = now() + retryMs;
    try {
      for (const id of dueCrons(store, now()).due) {
        await runner.transact((transaction) => runCron(transaction, id, now()));
      }
      next = dueCrons(store, now()).next;
    } catch (err) {
      log.error({ err }, "cron jobs that are due could not be scheduled");
    }
    if (this.#isStopped || next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => void this.#tick(), Math.min(Math.max(next - now(), 0), sleepMaxMs));
  }
}
