import { type Block, faultsOf, runBlocks, type Subject, samplesOf } from "./blocks.ts";
import {
  type ComparisonPlan,
  decideRatio,
  type Estimate,
  estimate,
  isQuiet,
  ratio,
  type Target,
  type Verdict,
} from "./comparison.ts";
import { seededRandom } from "./random.ts";
import { median } from "./statistics.ts";

/** The floor runs under two names in every block, so that a run can be asked whether it agrees with itself. */
export const floor = "floor";
export const floorAgain = "floor again";

/** One workload: subjects interleaved in blocks, and what is to be said about them. */
export interface SeriesPlan {
  readonly title: string;
  /** Among them `floor` and `floorAgain`. */
  readonly subjects: readonly Subject[];
  readonly blocks: number;
  readonly warmUps: number;
  readonly comparisons: readonly ComparisonPlan[];
  /** Measures on which the floor must agree with itself before anything is decided. */
  readonly checks: readonly string[];
  /** Subjects whose faults are reported and decide nothing, such as a peer that is known to lose. */
  readonly forgiven?: readonly string[];
}

export interface SelfCheck extends Estimate {
  readonly measure: string;
  readonly isQuiet: boolean;
}

export interface ComparisonReport extends Estimate {
  readonly title: string;
  readonly measure: string;
  readonly target?: Target;
  readonly verdict: Verdict;
}

type ByMeasureAndSubject<Value> = Readonly<Record<string, Readonly<Record<string, Value>>>>;

export interface SeriesReport {
  readonly title: string;
  readonly blocks: number;
  readonly checks: readonly SelfCheck[];
  readonly comparisons: readonly ComparisonReport[];
  readonly faults: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Medians over all samples: for orientation only, they depend on the machine. */
  readonly medians: ByMeasureAndSubject<number>;
  /** One list per block. */
  readonly samples: ByMeasureAndSubject<readonly (readonly number[])[]>;
}

const seed = 1;

const hasFaults = (faults: Readonly<Record<string, number>>): boolean =>
  Object.values(faults).some((count) => count > 0);

const byMeasureAndSubject = <Value>(
  blocks: readonly Block[],
  subjects: readonly string[],
  reduce: (samples: readonly (readonly number[])[]) => Value,
): ByMeasureAndSubject<Value> => {
  const measures = new Set(
    blocks.flatMap(({ observations }) => Object.values(observations).flatMap(({ samples }) => Object.keys(samples))),
  );
  return Object.fromEntries(
    [...measures].map((measure) => [
      measure,
      Object.fromEntries(subjects.map((subject) => [subject, reduce(samplesOf(blocks, subject, measure))])),
    ]),
  );
};

/** Judges what was observed; pure, so that a results file can be judged again. */
export const judgeSeries = (
  plan: Omit<SeriesPlan, "subjects" | "blocks" | "warmUps">,
  blocks: readonly Block[],
): SeriesReport => {
  const subjects = Object.keys(blocks[0]?.observations ?? {});
  const faults = Object.fromEntries(subjects.map((subject) => [subject, faultsOf(blocks, subject)]));
  const checks = plan.checks.map((measure) => {
    const check = estimate(blocks, { title: "A/A", measure, of: ratio(floorAgain, floor) }, seededRandom(seed));
    return { measure, ...check, isQuiet: isQuiet(check) };
  });
  const run = {
    isQuiet: checks.every((check) => check.isQuiet),
    hasFaults: subjects.some((subject) => !plan.forgiven?.includes(subject) && hasFaults(faults[subject] ?? {})),
  };
  const comparisons = plan.comparisons.map((comparison) => {
    const estimated = estimate(blocks, comparison, seededRandom(seed));
    return {
      title: comparison.title,
      measure: comparison.measure,
      ...estimated,
      ...(comparison.target === undefined ? {} : { target: comparison.target }),
      verdict: decideRatio(estimated, comparison.target, run),
    };
  });
  return {
    title: plan.title,
    blocks: blocks.length,
    checks,
    comparisons,
    faults,
    medians: byMeasureAndSubject(blocks, subjects, (samples) => median(samples.flat())),
    samples: byMeasureAndSubject(blocks, subjects, (samples) => samples),
  };
};

export const runSeries = async (plan: SeriesPlan, onBlock?: (done: number) => void): Promise<SeriesReport> =>
  judgeSeries(plan, await runBlocks(plan.subjects, { ...plan, ...(onBlock ? { onBlock } : {}) }));
