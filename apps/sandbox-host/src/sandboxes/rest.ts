import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";
import { type Run, resterOf, type Start } from "./hosted-start.ts";
import { decideRelief, isNapDue, isWorking } from "./nap-decision.ts";

export interface RestOptions {
  /** Without use for so many milliseconds a sandbox naps; null: none does by itself. */
  readonly napAfterMs: number | null;
  /** Free memory that sandboxes must leave to the machine, in bytes. */
  readonly memoryReserveBytes: number;
  readonly freeMemoryBytes: () => number;
  /** Gives memory back that no thread needs, before any of them is disturbed; false where there is none. */
  readonly relieveFirst?: () => Promise<boolean>;
  readonly starts: () => Iterable<readonly [SandboxName, Start]>;
  readonly sleep: (name: SandboxName, reason: string) => Promise<void>;
  readonly now: () => number;
  readonly log: Logger;
}

export const memoryReason = "Asleep: the machine was short of memory.";

interface Work {
  readonly usedMs: number;
  readonly at: number;
}

/** Has sandboxes nap that nobody uses, and makes room when the machine is short of memory. */
export class Rest {
  readonly #options: RestOptions;
  readonly #works = new WeakMap<Run, Work>();

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** To be called again and again. */
  async look(): Promise<void> {
    const { napAfterMs, now } = this.#options;
    for (const [name, start, run] of this.#running()) {
      if (run.nap.cause !== null) {
        // What is frozen can't say that it was killed.
        if (run.sandbox.isHurt()) run.nap.end();
        continue;
      }
      this.#noteWork(start, run);
      if (napAfterMs !== null && isNapDue(resterOf(name, start, run), napAfterMs, now())) run.nap.begin("idle");
    }
    await this.#relieve();
  }

  *#running(): Iterable<readonly [SandboxName, Start, Run]> {
    for (const [name, start] of [...this.#options.starts()])
      if (start.status === "ready" && start.run !== undefined) yield [name, start, start.run];
  }

  /** A program that works in the background is in use although nobody talks to it. */
  #noteWork({ use }: Start, run: Run): void {
    const work = { usedMs: run.sandbox.processorMs(), at: this.#options.now() };
    const before = this.#works.get(run);
    this.#works.set(run, work);
    if (before !== undefined && isWorking(work.usedMs - before.usedMs, work.at - before.at)) use.note();
  }

  async #relieve(): Promise<void> {
    const { memoryReserveBytes, freeMemoryBytes, relieveFirst, sleep, now, log } = this.#options;
    if (freeMemoryBytes() >= memoryReserveBytes) return;
    if (await relieveFirst?.()) return;
    const running = [...this.#running()];
    const relief = decideRelief(
      running.map(([name, start, run]) => resterOf(name, start, run)),
      now(),
    );
    if (relief === undefined) return;
    log.warn({ event: "memory.short", sandbox: relief.name, relief: relief.kind }, "the machine is short of memory");
    if (relief.kind === "sleep") await sleep(relief.name, memoryReason);
    else running.find(([name]) => name === relief.name)?.[2].nap.begin("memory");
  }
}
