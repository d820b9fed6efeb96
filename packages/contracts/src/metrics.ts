/**
 * What is measured of sandboxes, under the names that operators know. Times are in seconds, sizes in bytes. Without
 * imports.
 */
export const metrics = {
  "sandbox.created": {
    kind: "counter",
    unit: "{sandbox}",
    help: "Threads whose sandbox has started for the first time.",
  },
  "sandbox.warm_hits": {
    kind: "counter",
    unit: "{sandbox}",
    help: "First starts that were met by a sandbox that had been started beforehand.",
  },
  "sandbox.warm_misses": {
    kind: "counter",
    unit: "{sandbox}",
    help: "First starts that could have been, while none of the right kind was there.",
  },
  "sandbox.starts": { kind: "counter", unit: "{start}", help: "Starts that came to OpenCode's first answer." },
  "sandbox.start_failures": { kind: "counter", unit: "{start}", help: "Starts that failed." },
  "sandbox.create_latency": {
    kind: "histogram",
    unit: "s",
    help: "From asking for a thread's first sandbox to OpenCode's first answer.",
  },
  "sandbox.wake_latency": {
    kind: "histogram",
    unit: "s",
    help: "From asking for a sandbox that slept to OpenCode's first answer.",
  },
  "sandbox.message_latency": {
    kind: "histogram",
    unit: "s",
    help: "From a program's message to a sandbox to the whole answer.",
  },
  "r2.sync_duration": { kind: "histogram", unit: "s", help: "One copy of a workspace to the bucket." },
  "r2.storage_bytes": { kind: "gauge", unit: "By", help: "What the bucket keeps of a user's workspaces." },
} as const;

export type MetricName = keyof typeof metrics;
type NameOf<Kind> = { [Name in MetricName]: (typeof metrics)[Name]["kind"] extends Kind ? Name : never }[MetricName];
export type CounterName = NameOf<"counter">;
export type HistogramName = NameOf<"histogram">;
export type GaugeName = NameOf<"gauge">;

const namesOf = <Kind extends (typeof metrics)[MetricName]["kind"]>(kind: Kind): readonly NameOf<Kind>[] =>
  (Object.keys(metrics) as MetricName[]).filter((name): name is NameOf<Kind> => metrics[name].kind === kind);

export const counterNames = namesOf("counter");
export const histogramNames = namesOf("histogram");

export const isCounter = (name: MetricName): name is CounterName => metrics[name].kind === "counter";
export const isGauge = (name: MetricName): name is GaugeName => metrics[name].kind === "gauge";

/** Upper bounds of a histogram's buckets. */
export const secondsBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900] as const;

export interface AlertRule {
  readonly name: string;
  readonly metric: HistogramName | GaugeName;
  /** It fires while the value is above this: of a histogram nineteen of twenty of the last minutes', of a gauge anybody's. */
  readonly above: number;
  readonly sentence: string;
}

export const alertRules: readonly AlertRule[] = [
  {
    name: "SandboxWakeSlow",
    metric: "sandbox.wake_latency",
    above: 5,
    sentence: "Sandboxes take longer than five seconds to wake.",
  },
  {
    name: "SandboxMessageSlow",
    metric: "sandbox.message_latency",
    above: 30,
    sentence: "Messages of programs take longer than thirty seconds to be answered.",
  },
  {
    name: "WorkspaceSyncSlow",
    metric: "r2.sync_duration",
    above: 60,
    sentence: "Copies of workspaces take longer than a minute.",
  },
  {
    name: "WorkspaceStorageLarge",
    metric: "r2.storage_bytes",
    above: 1_000_000_000,
    sentence: "The bucket keeps more than a gigabyte of one user's workspaces.",
  },
];

/** The values of a histogram that an alert looks at are no older. */
export const alertWindowMs = 5 * 60_000;
