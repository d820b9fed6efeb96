import { setTimeout as delay } from "node:timers/promises";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { choosePlace } from "./choose-place.ts";
import type { Config } from "./config.ts";
import { Place } from "./place.ts";
import type { Tell } from "./told.ts";

const restartMs = 200;
/** One that nobody has needed for so long ends, unless it is the last. */
const unusedMsMax = 60_000;

/** The processes that run programs: one for each run as long as there may be more, and one that waits for the next. */
export class Places {
  readonly #config: Pick<Config, "key" | "script">;
  readonly #tell: Tell;
  readonly #signal: AbortSignal;
  readonly #places = new Set<Place>();
  readonly #failed: PromiseWithResolvers<never> = Promise.withResolvers();

  /** They end when `signal` aborts. */
  constructor(config: Pick<Config, "key" | "script">, tell: Tell, signal: AbortSignal) {
    this.#config = config;
    this.#tell = tell;
    this.#signal = signal;
    this.#failed.promise.catch(() => {});
    signal.addEventListener("abort", () => {
      for (const place of this.#places) place.kill();
    });
    this.#keepOneEmpty();
  }

  /** Rejects where one ends without ever having answered. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  get isAnswering(): boolean {
    return [...this.#places].some(({ isAnswering }) => isAnswering);
  }

  /** Where a run may begin; null: nowhere, as this one has ended meanwhile. */
  async enter(run: string, thread: string): Promise<Place | null> {
    const place = choosePlace([...this.#places], thread, codemodeLimits.placesMax) ?? this.#open();
    const canBegin = place.enter(run, thread);
    this.#keepOneEmpty();
    return (await canBegin) ? place : null;
  }

  /** Resolves when the place of that run has been looked at, and ended where the run computes in it. */
  async stop(run: string): Promise<void> {
    await Promise.all([...this.#places].filter((place) => place.has(run)).map((place) => place.stop()));
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#places].map(({ ended }) => ended));
  }

  #open(): Place {
    const place = new Place(this.#config, this.#tell, () => this.#lookOver(place));
    this.#places.add(place);
    this.#tell({ event: "codemode.started", detail: `place ${this.#places.size}` });
    void place.ended.then(async ({ how, hasAnswered }) => {
      this.#places.delete(place);
      if (this.#signal.aborted) return;
      if (!hasAnswered) return this.#failed.reject(new Error(`workerd does not start: ${how}`));
      await delay(restartMs, undefined, { signal: this.#signal }).catch(() => {});
      this.#keepOneEmpty();
    });
    return place;
  }

  #empty(): readonly Place[] {
    return [...this.#places].filter(({ threads }) => threads.length === 0);
  }

  #keepOneEmpty(): void {
    if (this.#signal.aborted || this.#empty().length > 0 || this.#places.size >= codemodeLimits.placesMax) return;
    this.#open();
  }

  /** All of them together may hold so much: beyond that the one ends that holds most. */
  #lookOver(place: Place): void {
    const places = [...this.#places];
    if (places.reduce((sum, { memoryMib }) => sum + memoryMib, 0) > codemodeLimits.allMemoryMibMax)
      places.reduce((most, each) => (each.memoryMib > most.memoryMib ? each : most)).end("memory");
    else if (place.emptyMs > unusedMsMax && this.#empty().length > 1) place.end("unused");
  }
}
