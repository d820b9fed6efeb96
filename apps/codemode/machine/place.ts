import { setTimeout as delay } from "node:timers/promises";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { PlaceView } from "./choose-place.ts";
import type { Config } from "./config.ts";
import type { Tell } from "./told.ts";
import { watchdog } from "./watchdog.ts";
import { startWorkerd } from "./workerd.ts";

const lookEveryMs = 250;
/** Until its first answer: so early that hardly any run is before it. */
const firstLookEveryMs = 20;
const startMsMax = 30_000;
/** So long a process in which a run was stopped may be silent: a person waits for the end of it. */
const stopMsMax = 1_000;

/** One process that runs programs, watched from outside until it ends. */
export class Place implements PlaceView {
  readonly #workerd;
  readonly #tell: Tell;
  readonly #runs = new Map<string, string>();
  readonly #over = new AbortController();
  #answered: PromiseWithResolvers<boolean> = Promise.withResolvers();
  #hasAnswered = false;
  #isAnswering = false;
  #memoryMib = 0;
  #emptySince = performance.now();
  /** Resolves once it has ended, and says whether it has ever answered. */
  readonly ended: Promise<{ readonly how: string; readonly hasAnswered: boolean }>;

  constructor(config: Pick<Config, "key" | "script">, tell: Tell, onLook: () => void) {
    this.#tell = tell;
    this.#workerd = startWorkerd(config, (detail) => tell({ event: "codemode.said", detail }));
    void this.#watch(onLook);
    this.ended = this.#workerd.ended.then((how) => {
      this.#over.abort();
      this.#answered.resolve(false);
      return { how, hasAnswered: this.#hasAnswered };
    });
  }

  get socketPath(): string {
    return this.#workerd.socketPath;
  }

  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  get threads(): readonly string[] {
    return [...this.#runs.values()];
  }

  get memoryMib(): number {
    return this.#memoryMib;
  }

  /** How long it has had no run, in milliseconds. */
  get emptyMs(): number {
    return this.#runs.size > 0 ? 0 : performance.now() - this.#emptySince;
  }

  has(run: string): boolean {
    return this.#runs.has(run);
  }

  /** Takes a run in; resolves once it can begin, with false where it can't any more. */
  enter(run: string, thread: string): Promise<boolean> {
    this.#runs.set(run, thread);
    return this.#isAnswering ? Promise.resolve(true) : this.#answered.promise;
  }

  /** The run is over. What it may have left behind is looked at before another one comes. */
  leave(run: string): void {
    this.#runs.delete(run);
    if (this.#runs.size > 0) return;
    this.#emptySince = performance.now();
    if (!this.#isAnswering) return;
    this.#isAnswering = false;
    this.#answered = Promise.withResolvers();
    void this.#look();
  }

  /** A run in it was stopped: one that waits has ended with its socket, and one that computes lets nobody be answered. */
  async stop(): Promise<void> {
    const { isAnswering, memoryMib } = await this.#workerd.look(stopMsMax);
    if (isAnswering || memoryMib === null || this.#over.signal.aborted) return;
    // It was a run that kept it from answering, and not its start.
    this.#hasAnswered = true;
    this.end("stopped");
  }

  end(why: "silent" | "memory" | "stopped" | "unused"): void {
    this.#tell({ event: why === "unused" ? "codemode.ended" : "codemode.killed", detail: why });
    this.#workerd.kill();
  }

  /** Without a word. */
  kill(): void {
    this.#workerd.kill();
  }

  async #look() {
    const look = await this.#workerd.look();
    this.#memoryMib = look.memoryMib ?? 0;
    if (look.isAnswering && !this.#over.signal.aborted) {
      this.#hasAnswered = true;
      this.#isAnswering = true;
      this.#answered.resolve(true);
    }
    return look;
  }

  async #watch(onLook: () => void): Promise<void> {
    const { computingMsMax, memoryMibMax } = codemodeLimits;
    const judge = watchdog({ silentMsMax: computingMsMax, startMsMax, memoryMibMax }, performance.now());
    const { signal } = this.#over;
    while (!signal.aborted) {
      const verdict = judge(await this.#look(), performance.now());
      if (verdict.kill) return this.end(verdict.why);
      onLook();
      await delay(this.#hasAnswered ? lookEveryMs : firstLookEveryMs, undefined, { signal }).catch(() => {});
    }
  }
}
