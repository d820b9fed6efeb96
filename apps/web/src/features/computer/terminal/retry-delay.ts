const [firstMs, growth, mostMs] = [300, 1.7, 10_000];

/** Milliseconds before the next attempt, after so many that failed in a row. */
export const retryDelayMs = (failures: number): number => Math.min(mostMs, Math.round(firstMs * growth ** failures));
