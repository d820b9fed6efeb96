import type { Target, Verdict } from "./comparison.ts";
import type { CountReport, MetricRecord } from "./metric.ts";
import type { SeriesReport } from "./series.ts";

const number = (value: number): string => {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const bound = (target: Target | undefined): string => {
  if (target === undefined) return "";
  return "max" in target ? `≤ ${number(target.max)}` : `≥ ${number(target.min)}`;
};

const words: Readonly<Record<Verdict, string>> = {
  met: "met",
  "not met": "NOT MET",
  open: "open: the interval lies on both sides",
  noisy: "noisy: decides nothing",
  failed: "FAILED: something was lost or wrong",
  "no target": "",
};

type Row = readonly [title: string, value: string, interval: string, target: string, verdict: string];

const aligned = (rows: readonly Row[]): readonly string[] => {
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
};

const seriesRows = (series: SeriesReport, isQuick: boolean): readonly Row[] => [
  ...series.checks.map(
    (check): Row => [
      `A/A ${check.measure}`,
      number(check.value),
      `[${check.interval.map(number).join(", ")}]`,
      "0.95–1.05",
      check.isQuiet ? "quiet" : "NOISY",
    ],
  ),
  ...series.comparisons.map(
    (comparison): Row => [
      comparison.title,
      number(comparison.value),
      `[${comparison.interval.map(number).join(", ")}]`,
      bound(comparison.target),
      isQuick && comparison.verdict !== "failed" ? "" : words[comparison.verdict],
    ],
  ),
];

const countRow = (count: CountReport): Row => [
  count.title,
  number(count.value),
  count.unit,
  bound(count.target),
  words[count.verdict],
];

const orientation = (series: SeriesReport): readonly string[] =>
  Object.entries(series.medians).map(
    ([measure, subjects]) =>
      `${measure}: ${Object.entries(subjects)
        .map(([subject, value]) => `${subject} ${number(value)}`)
        .join(", ")}`,
  );

const faultLine = (series: SeriesReport): readonly string[] => {
  const faults = Object.entries(series.faults).flatMap(([subject, kinds]) =>
    Object.entries(kinds).flatMap(([kind, amount]) => (amount > 0 ? [`${subject} ${kind} ${amount}`] : [])),
  );
  const watched = new Set(Object.values(series.faults).flatMap(Object.keys));
  if (watched.size === 0) return [];
  return [faults.length === 0 ? `faults: none (${[...watched].join(", ")})` : `FAULTS: ${faults.join(", ")}`];
};

/** What a person reads of one metric. Ratios have no unit; milliseconds appear for orientation only. */
export const readableMetric = (record: MetricRecord): string => {
  const heading = `${record.id}  ${record.title}${record.isQuick ? "  (quick: shortened, decides nothing)" : ""}`;
  if (record.state === "not measured") return [heading, `  not measured: ${record.reason}`].join("\n");
  const { before, after } = record.environment.loadAverage;
  const sections = [
    ...record.series.flatMap((series) => [
      `  ${series.title} (${series.blocks} blocks)`,
      ...aligned(seriesRows(series, record.isQuick)).map((line) => `    ${line}`),
      ...[...faultLine(series), ...orientation(series)].map((line) => `    ${line}`),
    ]),
    ...(record.counts.length === 0
      ? []
      : ["  counts", ...aligned(record.counts.map(countRow)).map((line) => `    ${line}`)]),
    ...record.notes.map((note) => `  · ${note}`),
  ];
  return [
    heading,
    `  ${record.workload}`,
    `  floor: ${record.floor}; peer: ${record.peer}`,
    `  load average ${number(before[0] ?? Number.NaN)} → ${number(after[0] ?? Number.NaN)}`,
    ...sections,
  ].join("\n");
};
