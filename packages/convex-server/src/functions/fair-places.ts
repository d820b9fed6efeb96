/**
 * Lets as many tasks run at once as there are places. Whoever asks for more than others waits behind them: each asker's
 * tasks begin in their order, the askers take turns, and none has all the places.
 */
export class FairPlaces<Place> {
  readonly #free: Place[];
  readonly #heldMax: number;
  readonly #count: number;
  #isQuiet = false;
  #onQuiet: (() => void) | null = null;
  readonly #held = new Map<string, number>();
  /** In the order of their turns. */
  readonly #waiting = new Map<string, ((place: Place) => void)[]>();

  /** The first of `places` is the first to be used. */
  constructor(places: readonly Place[]) {
    this.#free = [...places].reverse();
    this.#count = places.length;
    this.#heldMax = Math.max(places.length - 1, 1);
  }

  /** Tasks that wait for a place. */
  get waiting(): number {
    let count = 0;
    for (const tasks of this.#waiting.values()) count += tasks.length;
    return count;
  }

  /** Gives no place to anybody until `task` has run, which waits for all that are taken. Where it runs already, that one counts. */
  async whenQuiet(task: () => void): Promise<void> {
    if (this.#isQuiet) return;
    this.#isQuiet = true;
    try {
      if (this.#free.length < this.#count) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
      task();
    } finally {
      this.#isQuiet = false;
      this.#onQuiet = null;
      this.#give();
    }
  }

  async run<Result>(asker: string, task: (place: Place) => Promise<Result>): Promise<Result> {
    const place = await new Promise<Place>((resolve) => {
      const others = this.#waiting.get(asker);
      if (others === undefined) this.#waiting.set(asker, [resolve]);
      else others.push(resolve);
      this.#give();
    });
    try {
      return await task(place);
    } finally {
      this.#free.push(place);
      const held = this.#heldBy(asker) - 1;
      if (held === 0) this.#held.delete(asker);
      else this.#held.set(asker, held);
      this.#give();
    }
  }

  #heldBy(asker: string): number {
    return this.#held.get(asker) ?? 0;
  }

  #give(): void {
    if (this.#isQuiet) {
      if (this.#free.length === this.#count) this.#onQuiet?.();
      return;
    }
    for (const [asker, tasks] of this.#waiting) {
      if (this.#heldBy(asker) >= this.#heldMax) continue;
      const place = this.#free.pop();
      if (place === undefined) return;
      const begin = tasks.shift();
      this.#waiting.delete(asker);
      if (tasks.length > 0) this.#waiting.set(asker, tasks);
      this.#held.set(asker, this.#heldBy(asker) + 1);
      begin?.(place);
    }
  }
}
