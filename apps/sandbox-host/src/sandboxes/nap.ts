import type { NapCause } from "@threadbox/contracts/sandbox-host";
import type { RunningSandbox } from "../engines/engine.ts";

/** After a look the sandbox stays awake for so long: whoever was told something inside may act on it. */
export const afterLookMs = 1_000;

export interface NapOptions {
  readonly sandbox: Pick<RunningSandbox, "freeze" | "thaw">;
  /** Null: it is awake again. */
  readonly onChange: (cause: NapCause | null) => void;
  /** Calls after so many milliseconds. */
  readonly later?: (ms: number, act: () => void) => void;
}

const laterByTimer: NonNullable<NapOptions["later"]> = (ms, act) => void setTimeout(act, ms).unref();

/** The naps of one start of a sandbox: its processes are frozen, and nobody outside has to know. */
export class Nap {
  readonly #options: NapOptions;
  #cause: NapCause | null = null;
  #looks = 0;
  #isFrozen = false;

  constructor(options: NapOptions) {
    this.#options = options;
  }

  /** Why it naps; null while it is awake. Somebody may be looking at it all the same. */
  get cause(): NapCause | null {
    return this.#cause;
  }

  begin(cause: NapCause): void {
    if (this.#cause !== null) return;
    this.#cause = cause;
    this.#settle();
    this.#options.onChange(cause);
  }

  end(): void {
    if (this.#cause === null) return;
    this.#cause = null;
    this.#settle();
    this.#options.onChange(null);
  }

  /** Awake until the answer is called and a moment longer, and then again as before. */
  look(): () => void {
    this.#looks += 1;
    this.#settle();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      (this.#options.later ?? laterByTimer)(afterLookMs, () => {
        this.#looks -= 1;
        this.#settle();
      });
    };
  }

  #settle(): void {
    const isWanted = this.#cause !== null && this.#looks === 0;
    if (isWanted === this.#isFrozen) return;
    if (isWanted) this.#options.sandbox.freeze();
    else this.#options.sandbox.thaw();
    this.#isFrozen = isWanted;
  }
}
