import type { Execution } from "../functions/executions.ts";

/** Upper bounds of the buckets of latencies, in seconds. */
export const latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export interface Histogram {
  count: number;
  /** Seconds. */
  sum: number;
  /** How many were at most each bound and above the one before. */
  readonly buckets: number[];
}

/** What is read when somebody asks. */
export interface Gauges {
  readonly sessions: number;
  readonly watchedQueries: number;
  /** Characters. */
  readonly watchedAnswers: number;
  readonly waitingWrites: number;
  readonly waitingQueries: number;
  readonly scheduledPending: number;
  readonly scheduledRunning: number;
  readonly walBytes: number;
}

/** What has been counted since the server began. */
export class Measures {
  /** By kind and outcome. */
  readonly executions = new Map<string, { readonly kind: string; readonly outcome: string; count: number }>();
  /** By kind. */
  readonly latencies = new Map<string, Histogram>();
  /** Queries that a commit changed while they ran. */
  overtakenQueries = 0;
  /** Runs that lost their thread to another function. */
  lostRuns = 0;

  note({ kind, outcome, durationMs }: Pick<Execution, "kind" | "outcome" | "durationMs">): void {
    const key = `${kind} ${outcome}`;
    const counted = this.executions.get(key) ?? { kind, outcome, count: 0 };
    counted.count += 1;
    this.executions.set(key, counted);
    if (outcome === "WorkerLost") this.lostRuns += 1;
    const seconds = durationMs / 1000;
    const latency = this.latencies.get(kind) ?? { count: 0, sum: 0, buckets: latencyBounds.map(() => 0) };
    latency.count += 1;
    latency.sum += seconds;
    const at = latencyBounds.findIndex((bound) => seconds <= bound);
    if (at !== -1) latency.buckets[at] = (latency.buckets[at] ?? 0) + 1;
    this.latencies.set(kind, latency);
  }
}
