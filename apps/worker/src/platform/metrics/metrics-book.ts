import { DurableObject } from "cloudflare:workers";
import { Effect, type Layer, ManagedRuntime, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { log } from "../log.ts";
import { Outbound } from "../outbound.ts";
import { otlpOf } from "./otlp.ts";
import { type Measure, Series } from "./series.ts";
import { alertsOf, type MetricsSnapshot } from "./snapshot.ts";

/** How often it is looked whether an alert fires, and the collector is told. */
const everyMs = 60_000;
const exportMsMax = 10_000;
const firingKey = "firing";

type Supplies = WorkerConfig | Outbound;

/** Keeps what is measured of the whole installation, says when an alert fires, and tells the operator's collector. */
export class MetricsBook extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<Supplies, never>;
  readonly #series: Series;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#series = new Series(ctx.storage, Date.now());
  }

  async note(measures: readonly Measure[]): Promise<void> {
    const now = Date.now();
    for (const measure of measures) this.#series.note(measure, now);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + everyMs);
  }

  read(): MetricsSnapshot {
    return this.#series.snapshot(Date.now());
  }

  override async alarm(): Promise<void> {
    const snapshot = this.read();
    const isFiring = this.#sayAlerts(snapshot);
    const isExported = await this.#runtime.runPromise(exportTo(snapshot));
    if (isExported || isFiring) await this.ctx.storage.setAlarm(Date.now() + everyMs);
  }

  /** Says once that an alert fires, and once that it fires no more. Whether one does. */
  #sayAlerts(snapshot: MetricsSnapshot): boolean {
    const { kv } = this.ctx.storage;
    const before = new Set(kv.get<string[]>(firingKey) ?? []);
    const alerts = alertsOf(snapshot);
    for (const { rule, value, isFiring } of alerts) {
      if (isFiring === before.has(rule.name)) continue;
      log(isFiring ? "metrics.alert.firing" : "metrics.alert.resolved", {
        alert: rule.name,
        metric: rule.metric,
        value,
        above: rule.above,
        sentence: rule.sentence,
      });
    }
    const firing = alerts.filter((each) => each.isFiring).map(({ rule }) => rule.name);
    kv.put(firingKey, firing);
    return firing.length > 0;
  }
}

/** Whether there is a collector; one that can't be reached is told the next time, of everything. */
const exportTo = (snapshot: MetricsSnapshot) =>
  Effect.gen(function* () {
    const { collector } = yield* WorkerConfig;
    if (collector === null) return false;
    const send = yield* Outbound;
    const headers = new Headers({ "content-type": "application/json" });
    for (const [name, value] of collector.headers) headers.set(name, Redacted.value(value));
    yield* Effect.tryPromise(async (signal) => {
      const response = await send(`${collector.url}/v1/metrics`, {
        method: "POST",
        headers,
        body: JSON.stringify(otlpOf(snapshot)),
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(exportMsMax)]),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`status ${response.status}`);
    }).pipe(Effect.catch(() => Effect.sync(() => log("metrics.export.failed", {}))));
    return true;
  });
