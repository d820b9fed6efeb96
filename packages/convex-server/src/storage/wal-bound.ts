import type { Logger } from "pino";
import { walSize } from "./presence.ts";
import type { Store } from "./store.ts";

export interface WalBoundOptions {
  readonly store: Store;
  readonly stateFolder: string;
  /** Bytes from which on the log has to begin anew. */
  readonly sizeMax: number;
  /** Runs the task while nobody reads. */
  readonly whenQuiet: (task: () => void) => Promise<void>;
  readonly log: Logger;
}

/** A look at the size of a file is not worth one after every commit. */
const commitsBetweenLooks = 16;

/**
 * Keeps the write-ahead log from growing without end. SQLite begins it anew when nobody reads what is in it; where queries
 * overlap all the time, none is begun for the moment that this takes.
 */
export class WalBound {
  readonly #options: WalBoundOptions;
  #commitsLeft = commitsBetweenLooks;
  #isWaiting = false;

  constructor(options: WalBoundOptions) {
    this.#options = options;
    options.store.onCommit(() => this.#look());
  }

  #look(): void {
    this.#commitsLeft -= 1;
    if (this.#commitsLeft > 0 || this.#isWaiting) return;
    this.#commitsLeft = commitsBetweenLooks;
    const { store, stateFolder, sizeMax, whenQuiet, log } = this.#options;
    if (walSize(stateFolder) <= sizeMax) return;
    this.#isWaiting = true;
    void whenQuiet(() => store.beginLogAnew())
      // A full disk, as a rule: reads and refusals go on, and it is tried again.
      .catch((err: unknown) => log.error({ err }, "the write-ahead log could not be begun anew"))
      .finally(() => {
        this.#isWaiting = false;
      });
  }
}
