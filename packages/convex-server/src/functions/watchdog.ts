import type { FunctionThread } from "./function-thread.ts";

export interface CallLimits {
  /** Milliseconds of user CPU; absent: not counted. */
  readonly cpuMs?: number;
  /** Milliseconds from the call to its end, for a function that does not compute; absent: without end. */
  readonly waitMs?: number;
}

/** Why a call has to end: it computed or took too long, or what another one left behind keeps its thread from it. */
export type Overrun = "computed" | "waited" | "held up";

type Watched = Pick<FunctionThread, "clock" | "functionMs" | "isIdle">;

/** Looks closer together would cost more than they save. */
const lookMsMin = 20;
/** A call whose thread has not even begun with it after this time is looked at. */
const beginMsMax = 1_000;

/**
 * Watches one call in its thread. What counts is what the function itself has used: on a machine or in a thread that is
 * busy with others a call takes longer, and is not ended for it.
 */
export class Watchdog {
  readonly #thread: Watched;
  readonly #id: number;
  readonly #limits: CallLimits;
  readonly #onOverrun: (overrun: Overrun) => void;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(thread: Watched, id: number, limits: CallLimits, onOverrun: (overrun: Overrun) => void) {
    this.#thread = thread;
    this.#id = id;
    this.#limits = limits;
    this.#onOverrun = onOverrun;
    const { cpuMs = Number.POSITIVE_INFINITY, waitMs = Number.POSITIVE_INFINITY } = limits;
    this.#lookIn(Math.min(cpuMs, waitMs, cpuMs < Number.POSITIVE_INFINITY ? beginMsMax : waitMs));
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #lookIn(ms: number): void {
    if (this.#isStopped || ms === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => void this.#look(), Math.max(ms, lookMsMin));
  }

  async #look(): Promise<void> {
    const { cpuMs = Number.POSITIVE_INFINITY, waitMs = Number.POSITIVE_INFINITY } = this.#limits;
    const { clock } = this.#thread;
    if (!clock.hasBegun(this.#id)) {
      // It may have begun while the thread was asked.
      if ((await this.#thread.isIdle()) || clock.hasBegun(this.#id)) this.#lookIn(lookMsMin);
      else this.#end("held up");
      return;
    }
    const used = cpuMs === Number.POSITIVE_INFINITY ? 0 : await this.#thread.functionMs();
    if (used >= cpuMs) return this.#end("computed");
    const waited = performance.now() - this.#startedAt;
    if (waited >= waitMs && !this.#isStopped) {
      if (await this.#thread.isIdle()) return this.#end("waited");
      if (cpuMs === Number.POSITIVE_INFINITY) return this.#end(clock.active === this.#id ? "computed" : "held up");
    }
    this.#lookIn(Math.min(cpuMs - used, Math.max(waitMs - waited, lookMsMin)));
  }

  #end(overrun: Overrun): void {
    if (!this.#isStopped) this.#onOverrun(overrun);
  }
}
