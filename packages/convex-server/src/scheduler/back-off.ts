const firstWaitMs = 250;
const waitMaxMs = 60_000;
/** About four minutes of tries. Whatever fails for so long is not somebody else's fault. */
const triesMax = 10;

const waitOf = (tries: number): number => Math.min(firstWaitMs * 2 ** (tries - 1), waitMaxMs);

interface Tried {
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** When jobs that failed through no fault of their own are tried again. A new server begins to count anew. */
export class BackOff {
  readonly #tried = new Map<string, Tried>();

  /**
   * The moment from which a job may run, in milliseconds since 1970; 0 for one that has not failed, and for one whose
   * moment has become farther away than any wait is: the clock was set back since.
   */
  until(id: string, now: number): number {
    const until = this.#tried.get(id)?.until ?? 0;
    return until - now > waitMaxMs ? 0 : until;
  }

  /** Puts a job off however often, for what ends by itself. */
  wait(id: string, now: number): void {
    const tries = Math.min((this.#tried.get(id)?.tries ?? 0) + 1, triesMax - 1);
    this.#tried.set(id, { tries, until: now + waitOf(tries) });
  }

  /** Puts a job off; false when it has been tried often enough. */
  defer(id: string, now: number): boolean {
    const tries = (this.#tried.get(id)?.tries ?? 0) + 1;
    if (tries >= triesMax) {
      this.#tried.delete(id);
      return false;
    }
    this.#tried.set(id, { tries, until: now + waitOf(tries) });
    return true;
  }

  forget(id: string): void {
    this.#tried.delete(id);
  }
}
