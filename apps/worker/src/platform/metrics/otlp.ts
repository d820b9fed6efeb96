import { isCounter, isGauge, metrics, secondsBounds } from "@threadbox/contracts/metrics";
import { alertsOf, type MetricsSnapshot } from "./snapshot.ts";

const cumulative = 2;
const nanoseconds = (ms: number): string => `${ms}000000`;
const attribute = (key: string, text: string) => ({ key, value: { stringValue: text } });

type Times = { readonly startTimeUnixNano: string; readonly timeUnixNano: string };

const dataOf = (name: keyof typeof metrics, { counters, histograms, gauges }: MetricsSnapshot, times: Times) => {
  if (isCounter(name)) {
    const dataPoints = [{ ...times, asInt: String(counters[name]) }];
    return { sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } };
  }
  if (isGauge(name)) {
    const dataPoints = Object.entries(gauges[name]).map(([user, bytes]) => ({
      timeUnixNano: times.timeUnixNano,
      asInt: String(bytes),
      attributes: [attribute("user.id", user)],
    }));
    return { gauge: { dataPoints } };
  }
  const { count, sum, buckets } = histograms[name];
  const point = {
    ...times,
    count: String(count),
    sum,
    bucketCounts: buckets.map(String),
    explicitBounds: secondsBounds,
  };
  return { histogram: { aggregationTemporality: cumulative, dataPoints: [point] } };
};

/** The snapshot as OTLP's JSON, with which alerts fire. */
export const otlpOf = (snapshot: MetricsSnapshot) => {
  const times = { startTimeUnixNano: nanoseconds(snapshot.since), timeUnixNano: nanoseconds(snapshot.at) };
  const told = (Object.keys(metrics) as readonly (keyof typeof metrics)[]).map((name) => ({
    name,
    unit: metrics[name].unit,
    description: metrics[name].help,
    ...dataOf(name, snapshot, times),
  }));
  const alerts = alertsOf(snapshot).map(({ rule, isFiring }) => ({
    timeUnixNano: times.timeUnixNano,
    asInt: isFiring ? "1" : "0",
    attributes: [attribute("alertname", rule.name)],
  }));
  const alerting = {
    name: "threadbox.alert",
    unit: "1",
    description: "1 while an alert fires.",
    gauge: { dataPoints: alerts },
  };
  return {
    resourceMetrics: [
      {
        resource: { attributes: [attribute("service.name", "threadbox-worker")] },
        scopeMetrics: [{ scope: { name: "threadbox" }, metrics: [...told, alerting] }],
      },
    ],
  };
};
