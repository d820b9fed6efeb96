export interface Counted {
  /** The same for refusals that are one row, whoever counts them. */
  readonly auditId: string;
  /** What the row is to say; null where it says enough already. */
  readonly count: number | null;
}

const minuteMs = 60_000;

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0;

/**
 * Makes one row of the refusals of a minute that are alike. The row is told when the count doubles, so that whoever
 * causes ten thousand refusals causes one row and fourteen messages.
 */
export class RefusalLedger {
  #minute = 0;
  readonly #counts = new Map<string, number>();

  count(likeness: readonly string[], now: number): Counted {
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const auditId = [...likeness, minute].join(":");
    const count = (this.#counts.get(auditId) ?? 0) + 1;
    this.#counts.set(auditId, count);
    return { auditId, count: isPowerOfTwo(count) ? count : null };
  }
}
