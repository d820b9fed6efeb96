export interface CatchUpOptions<A> {
  /** Reads what the server has. */
  readonly read: () => Promise<A>;
  /** Takes what was read. */
  readonly apply: (read: A) => void;
  /** Whether reading again would fail again. */
  readonly isFinal: (error: unknown) => boolean;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>;
}

const pauseMs = { first: 500, last: 15_000 };

/**
 * Reads the transcript again after something may have been missed, until it has been read: right after a crash the
 * server may let the socket in and still fail to read. A newer reading replaces the one that is under way.
 */
export class CatchUp<A> {
  readonly #options: CatchUpOptions<A>;
  #serial = 0;

  constructor(options: CatchUpOptions<A>) {
    this.#options = options;
  }

  /** Resolves when the transcript was read, or this reading was replaced or ended. Never rejects. */
  async begin(): Promise<void> {
    const { read, apply, isFinal, wait } = this.#options;
    this.#serial += 1;
    const serial = this.#serial;
    for (let pause = pauseMs.first; serial === this.#serial; pause = Math.min(pause * 2, pauseMs.last)) {
      try {
        const found = await read();
        if (serial === this.#serial) apply(found);
        return;
      } catch (error) {
        // The socket tells when the thread is gone.
        if (isFinal(error)) return;
        await wait(pause);
      }
    }
  }

  end(): void {
    this.#serial += 1;
  }
}
