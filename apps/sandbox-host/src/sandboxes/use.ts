import type { RunningSandbox, Traffic } from "../engines/engine.ts";

const once = (act: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
};

/** How much one start of a sandbox is used. */
export class UseRecord implements Traffic {
  #open = 0;
  #held = 0;
  #usedAt: number;
  #stirredAt: number;
  readonly #now: () => number;
  readonly #onStir: () => void;

  /** `onStir` is called before whatever stirs the sandbox reaches it. */
  constructor(now: () => number, onStir: () => void = () => {}) {
    this.#now = now;
    this.#onStir = onStir;
    this.#usedAt = now();
    this.#stirredAt = now();
  }

  /** Requests, streams, sockets and programs from outside that are under way. */
  get openUses(): number {
    return this.#open;
  }

  /** Those that keep it awake by being under way; of the others only the bytes count. */
  get heldUses(): number {
    return this.#held;
  }

  get usedAt(): number {
    return this.#usedAt;
  }

  /** When something last came to it, went from it, or was worked on in it. */
  get stirredAt(): number {
    return this.#stirredAt;
  }

  readonly note = (): void => {
    this.#stirredAt = this.#now();
    this.#onStir();
  };

  touch(): void {
    this.#usedAt = this.#now();
    this.note();
  }

  /** A program of its own asks the world for something. */
  readonly begin = (): (() => void) => this.#hold();

  /** Somebody uses it. */
  use(): { readonly flows: () => void; readonly release: () => void } {
    this.#open += 1;
    this.touch();
    const flows = this.#hold();
    const release = once(() => {
      this.#open -= 1;
      this.touch();
    });
    return {
      flows,
      release: () => {
        flows();
        release();
      },
    };
  }

  /** Somebody looks at it: it is not ended meanwhile, and counts as used no more than before. */
  look(): () => void {
    this.#open += 1;
    return once(() => {
      this.#open -= 1;
    });
  }

  #hold(): () => void {
    this.#held += 1;
    this.note();
    return once(() => {
      this.#held -= 1;
    });
  }
}

/** A running sandbox in the hands of one request. While it is held, it is not put to sleep for another. */
export interface SandboxUse {
  readonly sandbox: RunningSandbox;
  /** From now on it counts as use only when bytes come or go. May be called again. */
  readonly flows: () => void;
  /** To be called when the request is over, however it ended. May be called again. */
  readonly release: () => void;
}
