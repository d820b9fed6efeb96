import { exit } from "node:process";
import { setImmediate } from "node:timers";
import type { GlobalsGuard } from "./globals-guard.ts";

/**
 * Puts a thread in order between calls: the globals as they were, and the modules of the last calls evaluated anew. It is done
 * when the last answer is on its way, so that no call waits for it unless it follows at once.
 */
export class Tidiness {
  readonly #guard: GlobalsGuard;
  readonly #prepare: (path: string) => void;
  readonly #used = new Set<string>();
  #running = 0;
  #isUntidy = false;

  /** `prepare` has a module ready for its next call. */
  constructor(guard: GlobalsGuard, prepare: (path: string) => void) {
    this.#guard = guard;
    this.#prepare = prepare;
  }

  /** A call begins. */
  enter(): void {
    if (this.#running === 0) this.#restore();
    this.#running += 1;
  }

  /** A call of a function of this module has ended. */
  leave(path: string): void {
    this.#running -= 1;
    this.#used.add(path);
    this.#isUntidy = true;
    if (this.#running === 0) setImmediate(() => this.#tidy());
  }

  #tidy(): void {
    if (this.#running > 0) return;
    this.#restore();
    for (const path of this.#used) this.#prepare(path);
    this.#used.clear();
  }

  #restore(): void {
    if (!this.#isUntidy) return;
    this.#isUntidy = false;
    // A thread that cannot be put in order ends; the next call begins in a new one.
    if (!this.#guard.restore()) exit(1);
  }
}
