import { type Gauges, type Histogram, latencyBounds, type Measures } from "./measures.ts";

/** Names with dots are quoted in this format, as the worker's are. */
export const prometheusType = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";

const line = (name: string, value: number, labels: Readonly<Record<string, string>> = {}): string => {
  const pairs = Object.entries(labels).map(([label, said]) => `,${label}="${said}"`);
  return `{"${name}"${pairs.join("")}} ${value}`;
};

const headOf = (name: string, kind: string, help: string): string[] => [
  `# HELP "${name}" ${help}`,
  `# TYPE "${name}" ${kind}`,
];

const histogramOf = (name: string, labels: Record<string, string>, { count, sum, buckets }: Histogram): string[] => {
  let below = 0;
  const cumulative = latencyBounds.map((bound, at) => {
    below += buckets[at] ?? 0;
    return line(`${name}_bucket`, below, { ...labels, le: String(bound) });
  });
  return [
    ...cumulative,
    line(`${name}_bucket`, count, { ...labels, le: "+Inf" }),
    line(`${name}_sum`, sum, labels),
    line(`${name}_count`, count, labels),
  ];
};

const gaugeNames: Readonly<Record<keyof Gauges, readonly [name: string, help: string]>> = {
  sessions: ["convex.sessions", "Clients that are connected."],
  watchedQueries: ["convex.watched_queries", "Queries that clients watch, those that are alike once."],
  watchedAnswers: ["convex.watched_answers_chars", "Characters of the answers that clients watch."],
  waitingWrites: [
    "convex.waiting_writes",
    "Mutations and other writes that wait for their turn, with the one that runs.",
  ],
  waitingQueries: ["convex.waiting_queries", "Queries that wait for a thread."],
  scheduledPending: ["convex.scheduled_pending", "Scheduled functions that have not begun."],
  scheduledRunning: ["convex.scheduled_running", "Scheduled functions that run."],
  walBytes: ["convex.wal_bytes", "Bytes of the write-ahead log."],
};

/** Everything that is measured, in the text format of Prometheus. */
export const prometheusText = (measures: Measures, gauges: Gauges): string => {
  const counters = [...measures.executions.values()].map(({ kind, outcome, count }) =>
    line("convex.functions", count, { kind, outcome }),
  );
  const latencies = [...measures.latencies].flatMap(([kind, histogram]) =>
    histogramOf("convex.function_latency", { kind }, histogram),
  );
  const told = (Object.keys(gaugeNames) as (keyof Gauges)[]).flatMap((key) => {
    const [name, help] = gaugeNames[key];
    return [...headOf(name, "gauge", help), line(name, gauges[key])];
  });
  const lines = [
    ...headOf("convex.functions", "counter", "Runs of functions that have ended, by kind and outcome."),
    ...counters,
    ...headOf("convex.function_latency", "histogram", "Seconds from the call of a function to its answer."),
    ...latencies,
    ...headOf("convex.overtaken_queries", "counter", "Queries whose answer a commit changed while they ran."),
    line("convex.overtaken_queries", measures.overtakenQueries),
    ...headOf("convex.lost_runs", "counter", "Runs that lost their thread to another function."),
    line("convex.lost_runs", measures.lostRuns),
    ...told,
  ];
  return `${lines.join("\n")}\n`;
};
