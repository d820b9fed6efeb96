import { type Block, samplesOf } from "./blocks.ts";
import type { Random } from "./random.ts";
import { bootstrapMedianInterval, type Interval, median, quantile } from "./statistics.ts";

/** A bound on a ratio or a count. */
export type Target = { readonly max: number } | { readonly min: number };

/** What a block says of a subject: the median of a measure's samples, or another quantile of them. */
export type BlockValue = (subject: string, q?: number) => number;

/** A number without unit that one block yields; no number where the block cannot say. */
export interface ComparisonPlan {
  readonly title: string;
  readonly measure: string;
  readonly of: (value: BlockValue) => number;
  readonly target?: Target;
}

export interface Estimate {
  /** Median over the blocks. */
  readonly value: number;
  /** 95 % bootstrap interval of that median. */
  readonly interval: Interval;
  /** How many blocks could say. */
  readonly blocks: number;
}

/** `met` and `not met` need the whole interval on one side of the target; `open` says that it lies on both. */
export type Verdict = "met" | "not met" | "open" | "noisy" | "failed" | "no target";

export const estimate = (blocks: readonly Block[], plan: ComparisonPlan, random: Random): Estimate => {
  const perBlock = blocks.map((block) =>
    plan.of((subject, q = 0.5) => quantile(samplesOf([block], subject, plan.measure).flat(), q)),
  );
  const usable = perBlock.filter(Number.isFinite);
  return { value: median(usable), interval: bootstrapMedianInterval(usable, random), blocks: usable.length };
};

/** The median of one subject over the median of another. */
export const ratio =
  (of: string, over: string, q?: number) =>
  (value: BlockValue): number =>
    value(of, q) / value(over, q);

/** What one subject adds to the floor over what another adds; says nothing where the other adds nothing. */
export const addedRatio =
  (of: string, over: string, floor: string, q?: number) =>
  (value: BlockValue): number => {
    const added = value(over, q) - value(floor, q);
    return added > 0 ? (value(of, q) - value(floor, q)) / added : Number.NaN;
  };

const quiet = { min: 0.95, max: 1.05 } as const;

/** Whether the floor, measured twice, agrees with itself: if not, the run says nothing about anything else. */
export const isQuiet = ({ value }: Estimate): boolean => value >= quiet.min && value <= quiet.max;

export const isWithin = (value: number, target: Target): boolean =>
  "max" in target ? value <= target.max : value >= target.min;

export const decideCount = (value: number, target: Target | undefined): Verdict => {
  if (target === undefined) return "no target";
  return isWithin(value, target) ? "met" : "not met";
};

export const decideRatio = (
  { interval, blocks }: Estimate,
  target: Target | undefined,
  run: { readonly isQuiet: boolean; readonly hasFaults: boolean },
): Verdict => {
  if (run.hasFaults) return "failed";
  if (!run.isQuiet) return "noisy";
  if (target === undefined) return "no target";
  if (blocks === 0) return "open";
  const ends = interval.map((end) => isWithin(end, target));
  if (ends.every(Boolean)) return "met";
  return ends.some(Boolean) ? "open" : "not met";
};
