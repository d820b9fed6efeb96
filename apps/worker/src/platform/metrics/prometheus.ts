import { isCounter, isGauge, metrics, secondsBounds } from "@threadbox/contracts/metrics";
import { alertsOf, type Histogram, type MetricsSnapshot } from "./snapshot.ts";

/** Names with dots are quoted in this format, and stay as they are. */
export const prometheusType = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";

type Labels = Readonly<Record<string, string>>;

const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

const line = (name: string, value: number, labels: Labels = {}): string => {
  const pairs = Object.entries(labels).map(([label, said]) => `,${label}=${quoted(said)}`);
  return `{${quoted(name)}${pairs.join("")}} ${value}`;
};

const headOf = (name: keyof typeof metrics): readonly string[] => [
  `# HELP ${quoted(name)} ${metrics[name].help}`,
  `# TYPE ${quoted(name)} ${metrics[name].kind}`,
];

const linesOf = (name: string, { count, sum, buckets }: Histogram): readonly string[] => {
  let below = 0;
  const cumulative = secondsBounds.map((bound, at) => {
    below += buckets[at] ?? 0;
    return line(`${name}_bucket`, below, { le: String(bound) });
  });
  return [
    ...cumulative,
    line(`${name}_bucket`, count, { le: "+Inf" }),
    line(`${name}_sum`, sum),
    line(`${name}_count`, count),
  ];
};

const names = Object.keys(metrics) as readonly (keyof typeof metrics)[];

/** The snapshot in the text format of Prometheus, its alerts as Prometheus tells of its own. */
export const prometheusText = (snapshot: MetricsSnapshot): string => {
  const { counters, histograms, gauges } = snapshot;
  const told = names.flatMap((name) => {
    const head = headOf(name);
    if (isCounter(name)) return [...head, line(name, counters[name])];
    if (isGauge(name)) {
      const users = Object.entries(gauges[name]).map(([user, bytes]) => line(name, bytes, { user }));
      return [...head, ...users];
    }
    return [...head, ...linesOf(name, histograms[name])];
  });
  const firing = alertsOf(snapshot)
    .filter(({ isFiring }) => isFiring)
    .map(({ rule }) => line("ALERTS", 1, { alertname: rule.name, alertstate: "firing" }));
  return `${[...told, '# TYPE "ALERTS" gauge', ...firing].join("\n")}\n`;
};
