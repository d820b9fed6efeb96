/** Waits before the n-th restart in a row: one second doubled each time, half a minute at most. */
export const restartDelayMs = (failuresInARow: number): number =>
  Math.min(1000 * 2 ** Math.max(0, failuresInARow - 1), 30_000);

/** A process that has stayed healthy this long starts counting its failures anew. */
export const healthyResetMs = 60_000;
