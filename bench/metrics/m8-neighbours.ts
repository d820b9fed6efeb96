import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Subject } from "../harness/blocks.ts";
import { type ComparisonPlan, ratio } from "../harness/comparison.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { quantile } from "../harness/statistics.ts";
import { EmbeddedConvex } from "../subjects/embedded-convex.ts";

const countUp = makeFunctionReference<"mutation", { name: string }, number>("work:count");
const counted = makeFunctionReference<"query", { name: string }, number>("work:counted");
const compute = makeFunctionReference<"query", { ms: number }, number>("work:compute");

const slowQuery = "beside a 400 ms query";
const hotRow = "beside 20 subscriptions of the row";
const functionsFolder = new URL("../subjects/neighbours", import.meta.url).pathname;
const slowQueryMs = 400;
const subscriptions = 20;

/** What goes on beside the mutations; resolves to what ends it. */
type Neighbour = (url: string) => Promise<() => Promise<void>>;

const nobody: Neighbour = async () => async () => {};

/** One client that asks for the same lawful query again and again. */
const slowReader: Neighbour = async (url) => {
  const client = new ConvexHttpClient(url, { logger: false });
  let isStopped = false;
  const asking = (async () => {
    while (!isStopped) await client.query(compute, { ms: slowQueryMs });
  })();
  return async () => {
    isStopped = true;
    await asking;
  };
};

/** Clients that watch the row which the mutations write. */
const watchers: Neighbour = async (url) => {
  const clients = Array.from({ length: subscriptions }, () => new ConvexClient(url, { logger: false }));
  await Promise.all(
    clients.map((client) => new Promise<void>((resolve) => client.onUpdate(counted, { name: "row" }, () => resolve()))),
  );
  return async () => {
    await Promise.all(clients.map((client) => client.close()));
  };
};

const subjectOf = (name: string, url: string, mutations: number, neighbour: Neighbour): Subject => ({
  name,
  observe: async () => {
    const stop = await neighbour(url);
    const client = new ConvexHttpClient(url, { logger: false });
    const latencyMs: number[] = [];
    let failed = 0;
    for (let made = 0; made < mutations; made += 1) {
      const startedAt = performance.now();
      await client.mutation(countUp, { name: "row" }).catch(() => {
        failed += 1;
      });
      latencyMs.push(performance.now() - startedAt);
    }
    await stop();
    return { samples: { latencyMs }, faults: { failed } };
  },
});

const comparisons: readonly ComparisonPlan[] = [
  { title: `p50 ${slowQuery} / floor`, measure: "latencyMs", of: ratio(slowQuery, floor), target: { max: 3 } },
  { title: `p99 ${slowQuery} / floor`, measure: "latencyMs", of: ratio(slowQuery, floor, 0.99) },
  { title: `p50 ${hotRow} / floor`, measure: "latencyMs", of: ratio(hotRow, floor) },
  { title: `p99 ${hotRow} / floor`, measure: "latencyMs", of: ratio(hotRow, floor, 0.99) },
];

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const convex = await EmbeddedConvex.start(functionsFolder);
  try {
    const mutations = isQuick ? 50 : 300;
    const title = "embedded Convex: a small mutation over HTTP, one after the other";
    const subject = (name: string, neighbour: Neighbour) => subjectOf(name, convex.url, mutations, neighbour);
    const series = await runSeries(
      {
        title,
        subjects: [
          subject(floor, nobody),
          subject(slowQuery, slowReader),
          subject(hotRow, watchers),
          subject(floorAgain, nobody),
        ],
        blocks,
        warmUps: 2,
        comparisons,
        checks: ["latencyMs"],
      },
      (done) => say(`${title}: block ${done} of ${blocks}`),
    );
    const hotRowMs = (series.samples.latencyMs?.[hotRow] ?? []).flat();
    return {
      series: [series],
      counts: [count(`a mutation ${hotRow}, p99`, quantile(hotRowMs, 0.99), "ms", { max: 100 })],
      notes: ["A query and the mutations each take a core; a machine with fewer than three cores shares them."],
    };
  } finally {
    await convex.stop();
  }
};

export const neighbours: Metric = {
  id: "M8",
  title: "What one user's queries cost others' mutations",
  workload:
    "One mutation after the other, alone, beside a client that repeats a 400 ms query, beside 20 subscriptions.",
  floor: "the same mutations with nobody else",
  peer: "none",
  run,
};
