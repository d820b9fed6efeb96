import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexTest } from "convex-test";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import type { MetricContext } from "../harness/metric.ts";
import { floor, floorAgain, runSeries, type SeriesReport } from "../harness/series.ts";
import schema from "../subjects/notes/schema.ts";

const fill = makeFunctionReference<"mutation", { thread: string; order: number; count: number }>("notes:fill");
const add = makeFunctionReference<"mutation", { thread: string }>("notes:add");
const page = makeFunctionReference<"query", { thread: string }>("notes:page");

const product = "embedded Convex";
const threads = 100;
const documentsEach = 100;

interface Functions {
  fill(thread: string): Promise<unknown>;
  add(thread: string): Promise<unknown>;
  page(thread: string): Promise<unknown>;
}

const fillAll = async (functions: Functions): Promise<void> => {
  for (let thread = 0; thread < threads; thread += 1) await functions.fill(String(thread));
};

/** Milliseconds for each of so many calls that are made at once. */
const millisecondsEach = async (count: number, call: (thread: string) => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: count }, (_, turn) => call(String(turn % threads))));
  return (performance.now() - startedAt) / count;
};

const calls = (name: string, functions: Functions, count: number): Subject => ({
  name,
  observe: async (): Promise<Observation> => {
    const queryMs = [await millisecondsEach(count, (thread) => functions.page(thread))];
    const mutationMs = [await millisecondsEach(count, (thread) => functions.add(thread))];
    return { samples: { queryMs, mutationMs }, faults: {} };
  },
});

/** Of a server, through Convex's own clients. */
const servedBy = (url: string): Functions & { close(): Promise<void> } => {
  const http = new ConvexHttpClient(url, { logger: false });
  const socket = new ConvexClient(url, { logger: false });
  return {
    fill: (thread) => http.mutation(fill, { thread, order: 0, count: documentsEach }),
    add: (thread) => socket.mutation(add, { thread }),
    page: (thread) => http.query(page, { thread }),
    close: () => socket.close(),
  };
};

/** Of Convex's own stand-in for tests, in this process. */
const simulated = (): Functions => {
  const modules = {
    "./notes/_generated/api.ts": async () => ({}),
    "./notes/notes.ts": () => import("../subjects/notes/notes.ts"),
  };
  const test = convexTest({ schema, modules });
  return {
    fill: (thread) => test.mutation(fill, { thread, order: 0, count: documentsEach }),
    add: (thread) => test.mutation(add, { thread }),
    page: (thread) => test.query(page, { thread }),
  };
};

/** The same functions on 10,000 documents, on a server and in convex-test. */
export const convexTestSeries = async ({ blocks, isQuick, say }: MetricContext, url: string): Promise<SeriesReport> => {
  const served = servedBy(url);
  const test = simulated();
  await fillAll(served);
  await fillAll(test);
  const count = isQuick ? 20 : 100;
  const target = { max: 1 / 20 };
  const of = ratio(product, floor);
  const plan = {
    title: "at 10,000 documents: the 20 newest of a thread by an index, and one more behind the newest; many at once",
    subjects: [calls(floor, test, count), calls(product, served, count), calls(floorAgain, test, count)],
    blocks,
    warmUps: 1,
    comparisons: [
      { title: "indexed query, each, product / convex-test", measure: "queryMs", of, target },
      { title: "mutation, each, product / convex-test", measure: "mutationMs", of, target },
    ],
    checks: ["queryMs", "mutationMs"],
  };
  const report = await runSeries(plan, (done) => say(`beside convex-test: block ${done} of ${blocks}`));
  await served.close();
  return report;
};
