import { decideCount, type Target, type Verdict } from "./comparison.ts";
import type { Environment } from "./environment.ts";
import type { SeriesReport } from "./series.ts";

/** A number that is the same on every machine: requests, bytes, failed starts. */
export interface CountReport {
  readonly title: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
  readonly verdict: Verdict;
}

export const count = (title: string, value: number, unit: string, target?: Target): CountReport => ({
  title,
  value,
  unit,
  ...(target === undefined ? {} : { target }),
  verdict: decideCount(value, target),
});

export interface MetricReport {
  readonly series: readonly SeriesReport[];
  readonly counts: readonly CountReport[];
  /** What a reader has to know beside the numbers, one sentence each. */
  readonly notes: readonly string[];
}

export interface MetricContext {
  /** Blocks of each series; a metric may take fewer where a block is dear, and says so. */
  readonly blocks: number;
  /** Shortened workloads, to see that everything runs. Nothing of it decides. */
  readonly isQuick: boolean;
  /** Never two OpenCode servers at once: for a machine that others use, too. */
  readonly isAlone: boolean;
  readonly say: (line: string) => void;
}

export interface Metric {
  /** As in the performance programme: M2, M3, … */
  readonly id: string;
  readonly title: string;
  /** One sentence each: what is done, the floor, the peer. */
  readonly workload: string;
  readonly floor: string;
  readonly peer: string;
  readonly run: (context: MetricContext) => Promise<MetricReport>;
}

/** Thrown by a metric whose part of the product is not there or does not start; says what is missing. */
export class NotMeasurableError extends Error {
  override readonly name = "NotMeasurableError";
}

/** One entry of `bench/results.json`. */
export type MetricRecord = Pick<Metric, "id" | "title" | "workload" | "floor" | "peer"> & {
  readonly environment: Environment;
  readonly isQuick: boolean;
} & (({ readonly state: "measured" } & MetricReport) | { readonly state: "not measured"; readonly reason: string });
