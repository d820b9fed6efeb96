import type { Random } from "./random.ts";

/** The value below which the share `q` of the values lies, between neighbours in proportion; NaN without values. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export type Interval = readonly [low: number, high: number];

/** Percentile bootstrap of the median: `level` of the medians of resamples of the same size lie in it. */
export const bootstrapMedianInterval = (
  values: readonly number[],
  random: Random,
  { resamples = 2_000, level = 0.95 }: { readonly resamples?: number; readonly level?: number } = {},
): Interval => {
  const draw = () => values[Math.floor(random() * values.length)] ?? Number.NaN;
  const medians = Array.from({ length: resamples }, () => median(values.map(draw)));
  return [quantile(medians, (1 - level) / 2), quantile(medians, (1 + level) / 2)];
};
