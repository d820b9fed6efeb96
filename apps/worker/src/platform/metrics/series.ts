import {
  alertWindowMs,
  type CounterName,
  counterNames,
  type GaugeName,
  type HistogramName,
  histogramNames,
} from "@threadbox/contracts/metrics";
import { emptyHistogram, type Histogram, type MetricsSnapshot, observed } from "./snapshot.ts";

/** Something that was measured. A level is one part of a user's: each thread's workspace is one. */
export type Measure =
  | { readonly kind: "count"; readonly name: CounterName }
  | { readonly kind: "value"; readonly name: HistogramName; readonly value: number }
  | {
      readonly kind: "level";
      readonly name: GaugeName;
      readonly user: string;
      readonly part: string;
      readonly value: number;
    };

const recentMax = 2_000;

const tables = `
  CREATE TABLE IF NOT EXISTS totals (name TEXT PRIMARY KEY, told TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS recent (name TEXT NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL);
  CREATE TABLE IF NOT EXISTS levels (
    name TEXT NOT NULL, user TEXT NOT NULL, part TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (name, part)
  );
  CREATE INDEX IF NOT EXISTS recent_by_at ON recent (at);
`;

const byName = <Name extends string, Told>(names: readonly Name[], tell: (name: Name) => Told) =>
  Object.fromEntries(names.map((name) => [name, tell(name)])) as Readonly<Record<Name, Told>>;

/** What was measured, in the tables of a Durable Object. */
export class Series {
  readonly #sql: SqlStorage;
  readonly #since: number;

  constructor({ sql, kv }: Pick<DurableObjectStorage, "sql" | "kv">, now: number) {
    this.#sql = sql;
    sql.exec(tables);
    this.#since = kv.get<number>("since") ?? now;
    kv.put("since", this.#since);
  }

  note(measure: Measure, now: number): void {
    if (measure.kind === "count") this.#write(measure.name, (this.#read<number>(measure.name) ?? 0) + 1);
    else if (measure.kind === "value") this.#observe(measure.name, measure.value, now);
    else this.#setLevel(measure);
  }

  snapshot(now: number): MetricsSnapshot {
    const histogram = (name: HistogramName) => this.#read<Histogram>(name) ?? emptyHistogram;
    const recent = (name: HistogramName) =>
      this.#sql
        .exec<{ value: number }>("SELECT value FROM recent WHERE name = ? AND at > ?", name, now - alertWindowMs)
        .toArray()
        .map(({ value }) => value);
    const count = (name: CounterName) => this.#read<number>(name) ?? 0;
    const users = this.#sql
      .exec<{ user: string; value: number }>("SELECT user, sum(value) AS value FROM levels GROUP BY user ORDER BY user")
      .toArray();
    return {
      since: this.#since,
      at: now,
      counters: byName(counterNames, count),
      histograms: byName(histogramNames, histogram),
      recent: byName(histogramNames, recent),
      gauges: { "r2.storage_bytes": Object.fromEntries(users.map(({ user, value }) => [user, value])) },
    };
  }

  #observe(name: HistogramName, value: number, now: number): void {
    this.#write(name, observed(this.#read<Histogram>(name) ?? emptyHistogram, value));
    this.#sql.exec("INSERT INTO recent (name, at, value) VALUES (?, ?, ?)", name, now, value);
    this.#sql.exec("DELETE FROM recent WHERE at <= ?", now - alertWindowMs);
    this.#sql.exec(
      "DELETE FROM recent WHERE name = ?1 AND rowid NOT IN (SELECT rowid FROM recent WHERE name = ?1 ORDER BY rowid DESC LIMIT ?2)",
      name,
      recentMax,
    );
  }

  #setLevel({ name, user, part, value }: Extract<Measure, { kind: "level" }>): void {
    if (value > 0) this.#sql.exec("INSERT OR REPLACE INTO levels VALUES (?, ?, ?, ?)", name, user, part, value);
    else this.#sql.exec("DELETE FROM levels WHERE name = ? AND part = ?", name, part);
  }

  #read<Told>(name: string): Told | null {
    const [row] = this.#sql.exec<{ told: string }>("SELECT told FROM totals WHERE name = ?", name).toArray();
    return row === undefined ? null : (JSON.parse(row.told) as Told);
  }

  #write(name: string, told: unknown): void {
    this.#sql.exec("INSERT OR REPLACE INTO totals VALUES (?, ?)", name, JSON.stringify(told));
  }
}
