import {
  type AlertRule,
  alertRules,
  type CounterName,
  type GaugeName,
  type HistogramName,
  isGauge,
  secondsBounds,
} from "@threadbox/contracts/metrics";

export interface Histogram {
  readonly count: number;
  readonly sum: number;
  /** One for each bound, and one for all beyond; not cumulative. */
  readonly buckets: readonly number[];
}

/** All that is known at one moment. Times are milliseconds since 1970. */
export interface MetricsSnapshot {
  /** Since when it is counted. */
  readonly since: number;
  readonly at: number;
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly histograms: Readonly<Record<HistogramName, Histogram>>;
  /** By user. */
  readonly gauges: Readonly<Record<GaugeName, Readonly<Record<string, number>>>>;
  /** What the histograms have taken within the last minutes. */
  readonly recent: Readonly<Record<HistogramName, readonly number[]>>;
}

export interface Alert {
  readonly rule: AlertRule;
  /** What it compares; null where there is nothing to compare. */
  readonly value: number | null;
  readonly isFiring: boolean;
}

export const emptyHistogram: Histogram = { count: 0, sum: 0, buckets: Array(secondsBounds.length + 1).fill(0) };

export const observed = ({ count, sum, buckets }: Histogram, value: number): Histogram => {
  const bound = secondsBounds.findIndex((each) => value <= each);
  const at = bound < 0 ? secondsBounds.length : bound;
  return {
    count: count + 1,
    sum: sum + value,
    buckets: buckets.map((each, index) => (index === at ? each + 1 : each)),
  };
};

/** Nineteen of twenty are no larger. */
export const ninetyFifth = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? null;

export const alertsOf = ({ gauges, recent }: MetricsSnapshot, rules = alertRules): readonly Alert[] =>
  rules.map((rule) => {
    const { metric } = rule;
    const value = isGauge(metric) ? Math.max(0, ...Object.values(gauges[metric])) : ninetyFifth(recent[metric]);
    return { rule, value, isFiring: value !== null && value > rule.above };
  });
