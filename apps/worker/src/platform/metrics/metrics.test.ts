import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { alertRules, alertWindowMs, type MetricName, metrics, secondsBounds } from "@threadbox/contracts/metrics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CollectedExport, outboundUrls } from "../../testing/outbound.testing.ts";
import { testBindings } from "../../testing/tokens.testing.ts";
import { metricsBookRef } from "../refs.ts";
import { otlpOf } from "./otlp.ts";
import { prometheusText } from "./prometheus.ts";
import { type Measure, Series } from "./series.ts";
import { alertsOf, emptyHistogram, ninetyFifth, observed } from "./snapshot.ts";

const scrape = (authorization?: string) =>
  exports.default.fetch(
    "http://worker.test/metrics",
    authorization === undefined ? {} : { headers: { authorization } },
  );
const scraped = async () => (await scrape(`Bearer ${testBindings.METRICS_TOKEN}`)).text();
const exported = async (): Promise<readonly CollectedExport[]> => (await fetch(outboundUrls.collector)).json();

/** What measures one of them, so large that its alert fires. */
const excess: Readonly<Record<MetricName, Measure>> = {
  "sandbox.created": { kind: "count", name: "sandbox.created" },
  "sandbox.warm_hits": { kind: "count", name: "sandbox.warm_hits" },
  "sandbox.warm_misses": { kind: "count", name: "sandbox.warm_misses" },
  "sandbox.starts": { kind: "count", name: "sandbox.starts" },
  "sandbox.start_failures": { kind: "count", name: "sandbox.start_failures" },
  "sandbox.create_latency": { kind: "value", name: "sandbox.create_latency", value: 1 },
  "sandbox.wake_latency": { kind: "value", name: "sandbox.wake_latency", value: 5.1 },
  "sandbox.message_latency": { kind: "value", name: "sandbox.message_latency", value: 30.1 },
  "r2.sync_duration": { kind: "value", name: "r2.sync_duration", value: 60.1 },
  "r2.storage_bytes": { kind: "level", name: "r2.storage_bytes", user: "anna", part: "t1", value: 1_000_000_001 },
};
const within: Readonly<Partial<Record<MetricName, Measure>>> = {
  "sandbox.wake_latency": { kind: "value", name: "sandbox.wake_latency", value: 5 },
  "sandbox.message_latency": { kind: "value", name: "sandbox.message_latency", value: 30 },
  "r2.sync_duration": { kind: "value", name: "r2.sync_duration", value: 60 },
  "r2.storage_bytes": { kind: "level", name: "r2.storage_bytes", user: "anna", part: "t1", value: 1_000_000_000 },
};

/** A book of its own, so that no test counts what is another's. */
let serial = 0;
const inSeries = <A>(act: (series: Series) => A): Promise<A> => {
  serial += 1;
  const book = env.METRICS_BOOK.getByName(`book-${serial}`);
  return runInDurableObject(book, (_, { storage }) => act(new Series(storage, 0)));
};

describe("S4.58: what is measured", () => {
  test.each(Object.keys(metrics) as MetricName[])("%s is scraped and exported under that exact name", async (name) => {
    const book = metricsBookRef(env);
    await book.note([excess[name]]);
    const { kind } = metrics[name];
    const series = kind === "histogram" ? `${name}_count` : name;
    expect(await scraped()).toMatch(new RegExp(`^\\{"${series.replaceAll(".", "\\.")}"[^}]*\\} [1-9]\\d*$`, "m"));
    expect(await runDurableObjectAlarm(book)).toBe(true);
    const last = (await exported()).at(-1);
    expect(last).toMatchObject({ path: "/v1/metrics", key: "collector-key" });
    expect(JSON.stringify(last?.body)).toContain(`"name":"${name}"`);
  });

  test.each(alertRules.map((rule) => [rule.metric, rule] as const))(
    "the alert of %s fires above its bound, and not at it",
    async (metric, rule) => {
      for (const [measures, isFiring] of [
        [within, false],
        [excess, true],
      ] as const) {
        const measure = measures[metric];
        if (measure === undefined) throw new Error("an alert without a measure");
        const snapshot = await inSeries((series) => {
          series.note(measure, 1_000);
          return series.snapshot(2_000);
        });
        expect(
          alertsOf(snapshot)
            .filter((alert) => alert.isFiring)
            .map((alert) => alert.rule),
        ).toEqual(isFiring ? [rule] : []);
        const said = `{"ALERTS",alertname="${rule.name}",alertstate="firing"} 1`;
        expect(prometheusText(snapshot).includes(said)).toBe(isFiring);
        const gauge = `{"timeUnixNano":"2000000000","asInt":"${isFiring ? 1 : 0}","attributes":[{"key":"alertname","value":{"stringValue":"${rule.name}"}}]}`;
        expect(JSON.stringify(otlpOf(snapshot))).toContain(gauge);
      }
    },
  );

  test("an alert is over when the last minutes are good again", async () => {
    const firing = await inSeries((series) => {
      series.note(excess["sandbox.wake_latency"], 1_000);
      const before = alertsOf(series.snapshot(1_000 + alertWindowMs - 1));
      const after = alertsOf(series.snapshot(1_000 + alertWindowMs));
      return [before, after].map((alerts) => alerts.filter(({ isFiring }) => isFiring).length);
    });
    expect(firing).toEqual([1, 0]);
  });

  test("what the bucket keeps of a user is the sum of their threads, and another user's is apart", async () => {
    const gauges = await inSeries((series) => {
      const level = { kind: "level", name: "r2.storage_bytes" } as const;
      series.note({ ...level, user: "anna", part: "t1", value: 600 }, 1);
      series.note({ ...level, user: "anna", part: "t2", value: 500 }, 1);
      series.note({ ...level, user: "ben", part: "t3", value: 7 }, 1);
      series.note({ ...level, user: "anna", part: "t1", value: 100 }, 2);
      series.note({ ...level, user: "", part: "t3", value: 0 }, 3);
      return series.snapshot(4).gauges;
    });
    expect(gauges).toEqual({ "r2.storage_bytes": { anna: 600 } });
  });
});

describe("the door of the metrics", () => {
  test.each([
    ["nothing", undefined],
    ["another token", "Bearer another-token-of-nobodys-0123456789"],
    ["a basic credential", "Basic YTpi"],
    ["the API token", `Bearer ${testBindings.AGENTPOD_API_TOKEN}`],
  ])("stays shut for %s", async (_, authorization) => {
    const response = await scrape(authorization);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain("sandbox.created");
  });
});

describe("a histogram", () => {
  const anyValues = fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { minLength: 1, maxLength: 50 });

  test("counts every value once, in the bucket of the first bound that holds it", () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { count, buckets } = values.reduce(observed, emptyHistogram);
        expect([count, buckets.reduce((sum, each) => sum + each, 0)]).toEqual([values.length, values.length]);
        for (const [at, bound] of secondsBounds.entries()) {
          const below = buckets.slice(0, at + 1).reduce((sum, each) => sum + each, 0);
          expect(below).toBe(values.filter((value) => value <= bound).length);
        }
      }),
    );
  });

  test("nineteen of twenty values are no larger than what an alert looks at", () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const found = ninetyFifth(values) ?? Number.NaN;
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(values.length * 0.95);
        expect(values).toContain(found);
      }),
    );
    expect(ninetyFifth([])).toBeNull();
  });
});
