import { existsSync, readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import type { MetricRecord } from "./metric.ts";

type Results = Readonly<Record<string, MetricRecord>>;

const read = (path: string): Results =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { metrics: Results }).metrics : {};

/** Arrays of numbers on one line: the file is read by people, too. */
const print = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/\[[\s\d.,eE+-]*\]/g, (numbers) => numbers.replaceAll(/\s+/g, ""));

const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" && Number.isFinite(value) ? Number(value.toPrecision(7)) : value;

/** Writes these records over those of the same metrics; what other runs measured stays, each with its own environment. */
export const writeResults = (path: string, records: readonly MetricRecord[]): void => {
  const metrics = { ...read(path), ...Object.fromEntries(records.map((record) => [record.id, record])) };
  const sorted = Object.fromEntries(
    Object.entries(metrics).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })),
  );
  writeFileAtomic.sync(path, `${print(JSON.parse(JSON.stringify({ metrics: sorted }, rounded)))}\n`);
};
