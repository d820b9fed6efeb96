import type { WarmPlan } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { RunningSandbox, SandboxEngine, SandboxStart, WarmSandbox, WarmStarts } from "../engines/engine.ts";
import type { Threads } from "./hosted-start.ts";
import { decidePool, type PoolQuestion } from "./warm-decision.ts";
import { keyOf, planOf } from "./warm-plan.ts";

export interface WarmPoolOptions {
  readonly warm: WarmStarts;
  /** How many are kept. */
  readonly size: number;
  readonly runningMax: number;
  readonly memoryReserveBytes: number;
  readonly freeMemoryBytes: () => number;
  readonly threads: () => Threads;
  /** The part of the machine's processor time that was left since the last call, 0 to 1. */
  readonly idleShare: () => number;
  /** What a start gets that is nothing special; rejects where nobody can tell. */
  readonly ask: () => Promise<WarmPlan>;
  readonly log: Logger;
}

interface Member {
  readonly key: string;
  readonly sandbox: WarmSandbox;
}

/** Below it whoever works has the processor to themselves. */
const idleShareMin = 0.4;
const givenUp = "A sandbox that was nobody's was ended.";

/** Sandboxes that were started beforehand, for the next new threads. */
export class WarmPool {
  readonly #options: WarmPoolOptions;
  readonly #abort = new AbortController();
  readonly #members: Member[] = [];
  #plan: WarmPlan | undefined;
  #key = "";
  #starting: Promise<void> | undefined;

  constructor(options: WarmPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#members.length;
  }

  /**
   * The start within one of the sandboxes; `miss` where there is none of its configuration, undefined where it could not be met
   * by any.
   */
  async take(start: SandboxStart): Promise<RunningSandbox | "miss" | undefined> {
    const plan = planOf(start.request);
    if (plan === undefined || !(await this.#options.warm.isNew(start.name))) return undefined;
    this.#learn(plan);
    const at = this.#members.findIndex(({ key }) => key === this.#key);
    const [member] = at < 0 ? [] : this.#members.splice(at, 1);
    if (member === undefined) return "miss";
    try {
      return await member.sandbox.assign(start);
    } catch (error) {
      this.#options.log.warn({ event: "warm.failed", sandbox: start.name, err: error }, "it is started anew");
      return "miss";
    }
  }

  /** Whoever begins a start of its own has the place that it needs. */
  async yieldPlace(): Promise<void> {
    const { runningMax, threads } = this.#options;
    while (this.#members.length > 0 && threads().occupants + this.#members.length > runningMax) await this.#end(0);
  }

  /** Gives memory back, and says whether it could. */
  async relieve(): Promise<boolean> {
    if (this.#members.length === 0) return false;
    await this.#end(0);
    return true;
  }

  /** To be called again and again. */
  async look(): Promise<void> {
    const isIdle = this.#options.idleShare() >= idleShareMin;
    if (this.#abort.signal.aborted || this.#options.size === 0) return;
    if (this.#plan === undefined) this.#learn(await this.#options.ask());
    const decision = decidePool(this.#question(isIdle));
    if (decision === "start one") this.#starting = this.#start();
    if (decision === "end one") await this.#end(0);
    if (decision === "end a stale one") await this.#end(this.#members.findIndex(({ key }) => key !== this.#key));
  }

  /** Ends them all; nothing is begun any more. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#starting;
    while (this.#members.length > 0) await this.#end(0);
  }

  #question(isIdle: boolean): PoolQuestion {
    const { size, runningMax, memoryReserveBytes, freeMemoryBytes, threads } = this.#options;
    const { occupants, areStarting } = threads();
    return {
      size,
      members: this.#members.length,
      stale: this.#members.filter(({ key }) => key !== this.#key).length,
      isStarting: this.#starting !== undefined,
      occupants,
      runningMax,
      isBusy: areStarting || !isIdle,
      freeMemoryBytes: freeMemoryBytes(),
      memoryReserveBytes,
    };
  }

  /** What was asked for last is what the next thread will ask for. */
  #learn(plan: WarmPlan): void {
    this.#plan = plan;
    this.#key = keyOf(plan);
  }

  async #start(): Promise<void> {
    const { warm, log } = this.#options;
    const [plan, key] = [this.#plan, this.#key];
    if (plan === undefined) return;
    try {
      const sandbox = await warm.start(plan, this.#abort.signal);
      const member = { key, sandbox };
      this.#members.push(member);
      sandbox.ended.then(() => {
        const at = this.#members.indexOf(member);
        if (at >= 0) this.#members.splice(at, 1);
      });
      log.info({ event: "warm.ready", members: this.#members.length }, "a sandbox is ready for the next new thread");
    } catch (error) {
      if (!this.#abort.signal.aborted)
        log.warn({ event: "warm.start_failed", err: error }, "none was started beforehand");
    } finally {
      this.#starting = undefined;
    }
  }

  async #end(at: number): Promise<void> {
    const [member] = this.#members.splice(at, 1);
    await member?.sandbox.stop(givenUp);
  }
}

/** The same engine, whose starts are met by the pool's sandboxes where they can be. */
export const withWarmPool = (engine: SandboxEngine, pool: WarmPool): SandboxEngine => ({
  ...engine,
  start: async (start, signal) => {
    const taken = await pool.take(start);
    if (taken !== undefined && taken !== "miss") return { ...taken, wasWarm: true };
    await pool.yieldPlace();
    const running = await engine.start(start, signal);
    return taken === "miss" ? { ...running, wasWarm: false } : running;
  },
});
