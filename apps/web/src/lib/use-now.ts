import { useSyncExternalStore } from "react";

/** Ticks while somebody listens; everybody who does is told the same time at the same moment. */
class Clock {
  readonly #intervalMs: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = 0;
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(this.#tick, this.#intervalMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  now = (): number => {
    if (this.#timer === undefined && Date.now() - this.#now >= this.#intervalMs) this.#now = Date.now();
    return this.#now;
  };

  readonly #tick = (): void => {
    this.#now = Date.now();
    for (const listener of this.#listeners) listener();
  };
}

const clocks = new Map<number, Clock>();

const clockOf = (intervalMs: number): Clock => {
  const clock = clocks.get(intervalMs) ?? new Clock(intervalMs);
  clocks.set(intervalMs, clock);
  return clock;
};

/**
 * The time in milliseconds since 1970, renewed at every interval while the component is on the page. Two places that
 * count the same thing at the same pace never differ.
 */
export const useNow = (intervalMs: number): number => {
  const { subscribe, now } = clockOf(intervalMs);
  return useSyncExternalStore(subscribe, now, now);
};
