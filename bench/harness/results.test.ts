import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { count, type MetricRecord } from "./metric.ts";
import { writeResults } from "./results.ts";
import { readableMetric } from "./table.ts";

const record = (id: string, value: number, at = "2026-01-01T00:00:00.000Z"): MetricRecord => ({
  id,
  title: "First load",
  workload: "A page.",
  floor: "nothing",
  peer: "something",
  isQuick: false,
  environment: {
    at,
    machine: { cpu: "a", cores: 2, memoryGb: 24, kernel: "6" },
    versions: { node: "24" },
    loadAverage: { before: [0.123, 0, 0], after: [1, 1, 1] },
  },
  state: "measured",
  series: [
    {
      title: "series",
      blocks: 2,
      checks: [{ measure: "wallMs", value: 1.2, interval: [1.1, 1.3], blocks: 2, isQuiet: false }],
      comparisons: [
        {
          title: "product / floor",
          measure: "wallMs",
          value: 1 / 3,
          interval: [0.3, 0.4],
          blocks: 2,
          target: { max: 0.5 },
          verdict: "noisy",
        },
      ],
      faults: { product: { lost: 0 } },
      medians: { wallMs: { product: 1 / 3 } },
      samples: { wallMs: { product: [[1 / 3], [1]] } },
    },
  ],
  counts: [count("bytes", value, "kB", { max: 10 })],
  notes: [],
});

test("results of one metric replace its own and leave those of the others", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "results.json");
  writeResults(path, [record("M10", 1), record("M4", 2)]);
  writeResults(path, [record("M4", 3)]);
  const { metrics } = JSON.parse(readFileSync(path, "utf8"));
  expect(Object.keys(metrics)).toEqual(["M4", "M10"]);
  expect(metrics.M4.counts[0]).toEqual({ title: "bytes", value: 3, unit: "kB", target: { max: 10 }, verdict: "met" });
  expect(metrics.M10.series[0].samples).toEqual({ wallMs: { product: [[0.3333333], [1]] } });
});

test("a person reads the verdict in words, and that a noisy run decides nothing", () => {
  const text = readableMetric(record("M7", 11));
  expect(text).toMatch(/product \/ floor +0\.333 +\[0\.300, 0\.400\] +≤ 0\.500 +noisy: decides nothing/);
  expect(text).toMatch(/A\/A wallMs .* NOISY/);
  expect(text).toMatch(/bytes +11 +kB +≤ 10 +NOT MET/);
  expect(text).toContain("faults: none (lost)");
});

test("a person reads why something was not measured", () => {
  const {
    series: _,
    counts: __,
    notes: ___,
    ...rest
  } = record("M3", 1) as Extract<MetricRecord, { state: "measured" }>;
  const text = readableMetric({ ...rest, state: "not measured", reason: "There is no bubblewrap." });
  expect(text).toContain("not measured: There is no bubblewrap.");
});
