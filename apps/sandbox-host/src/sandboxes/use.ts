import type { RunningSandbox } from "../engines/engine.ts";

/** How much one start of a sandbox is used. */
export class UseRecord {
  #open = 0;
  #usedAt: number;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#usedAt = now();
  }

  get openUses(): number {
    return this.#open;
  }

  get usedAt(): number {
    return this.#usedAt;
  }

  touch(): void {
    this.#usedAt = this.#now();
  }

  /** Something is under way until the answer is called; calling it again does nothing. */
  begin(): () => void {
    this.#open += 1;
    this.touch();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#open -= 1;
      this.touch();
    };
  }
}

/** A running sandbox in the hands of one request. While it is held, it is not put to sleep for another. */
export interface SandboxUse {
  readonly sandbox: RunningSandbox;
  /** To be called when the request is over, however it ended. May be called again. */
  readonly release: () => void;
}
