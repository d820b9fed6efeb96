/** What a look at the machine found. `memoryMib` null: it does not run any more. */
export interface Look {
  readonly isAnswering: boolean;
  readonly memoryMib: number | null;
}

export interface WatchdogLimits {
  /** How long it may be silent: a program that computes without a pause lets nothing else be answered. */
  readonly silentMsMax: number;
  /** The same before its first answer: whoever comes that early may already be what it is silent about. */
  readonly startMsMax: number;
  readonly memoryMibMax: number;
}

export type Verdict = { readonly kill: false } | { readonly kill: true; readonly why: "silent" | "memory" };

/** Judges look after look. `now` in milliseconds, of any clock that does not jump. */
export const watchdog = ({ silentMsMax, startMsMax, memoryMibMax }: WatchdogLimits, startedAt: number) => {
  let answeredAt = startedAt;
  let hasAnswered = false;
  return (look: Look, now: number): Verdict => {
    if (look.memoryMib === null) return { kill: false };
    if (look.memoryMib > memoryMibMax) return { kill: true, why: "memory" };
    if (look.isAnswering) {
      answeredAt = now;
      hasAnswered = true;
    }
    const silentMs = now - answeredAt;
    return silentMs > (hasAnswered ? silentMsMax : startMsMax) ? { kill: true, why: "silent" } : { kill: false };
  };
};
