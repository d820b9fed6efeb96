import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { root } from "../../scripts/bootstrap.mjs";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import type { Metric, MetricContext, MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { Child } from "../subjects/child.ts";
import { EmbeddedConvex } from "../subjects/embedded-convex.ts";
import { newFolder } from "../subjects/folders.ts";
import { convexTestSeries } from "./m16-convex-test.ts";

const functionsFolder = new URL("../subjects/notes", import.meta.url).pathname;
const bareSqlite = new URL("../subjects/bare-sqlite.ts", import.meta.url).pathname;
const subscribersProgram = new URL("../subjects/subscribers.ts", import.meta.url).pathname;
const fill = makeFunctionReference<"mutation", { thread: string; order: number; count: number }, string | null>(
  "notes:fill",
);
const one = makeFunctionReference<"query", { id: string }, unknown>("notes:one");

const product = "embedded Convex";
const crowd = "1,000 subscribers";
const fullStart = "start with 100,000 documents";
const documents = 10_000;
const startDocuments = 100_000;
const subscribers = 1_000;
const batch = 1_000;
const startTimeoutMs = 60_000;

const fillUp = async (url: string, thread: string, count: number): Promise<string> => {
  const client = new ConvexHttpClient(url, { logger: false });
  let first: string | null = null;
  for (let order = 0; order < count; order += batch) {
    const id = await client.mutation(fill, { thread, order, count: batch });
    first ??= id;
  }
  if (first === null) throw new Error("Nothing was added.");
  return first;
};

/** One read after the other through Convex's own client, whoever answers. */
const reads = (name: string, url: string, id: string, count: number): Subject => ({
  name,
  observe: async (): Promise<Observation> => {
    const client = new ConvexHttpClient(url, { logger: false });
    const latencyMs: number[] = [];
    for (let read = 0; read < count; read += 1) {
      const startedAt = performance.now();
      const found = await client.query(one, { id });
      latencyMs.push(performance.now() - startedAt);
      if (found === null) throw new Error("There is no such document.");
    }
    return { samples: { latencyMs }, faults: {} };
  },
});

const readSeries = async ({ blocks, isQuick, say }: MetricContext, convexUrl: string, id: string) => {
  const bare = new Child([process.execPath, bareSqlite], { cwd: root, env: { PATH: process.env.PATH ?? "" } });
  const [, port] = await bare.line(/"port":(\d+)/, startTimeoutMs);
  const bareUrl = `http://127.0.0.1:${port}`;
  const count = isQuick ? 100 : 500;
  const title = "one document by its id over HTTP";
  try {
    return await runSeries({
      title,
      subjects: [
        reads(floor, bareUrl, "7", count),
        reads(product, convexUrl, id, count),
        reads(floorAgain, bareUrl, "7", count),
      ],
      blocks,
      warmUps: 2,
      comparisons: [
        {
          title: "p50, product / node:http with node:sqlite",
          measure: "latencyMs",
          of: ratio(product, floor),
          target: { max: 2.5 },
        },
      ],
      checks: ["latencyMs"],
    });
  } finally {
    say(title);
    await bare.stop();
  }
};

/** Commits, and how long it takes until each of so many clients that watch the same, in a process of their own, is told. */
const pushes = (name: string, url: string, watchers: number, commits: number): Subject => ({
  name,
  observe: async (block): Promise<Observation> => {
    const thread = `${name} ${block}`;
    const writer = new ConvexHttpClient(url, { logger: false });
    const env = {
      PATH: process.env.PATH ?? "",
      SUBSCRIBERS_URL: url,
      SUBSCRIBERS_PATH: "notes:newest",
      SUBSCRIBERS_ARGS: JSON.stringify({ thread }),
      SUBSCRIBERS_COUNT: String(watchers),
    };
    const child = new Child([process.execPath, subscribersProgram], { cwd: root, env });
    const toldOf = async (order: number): Promise<readonly number[]> => {
      const [line] = await child.line(new RegExp(`^\\{"order":${order},.*`), startTimeoutMs);
      return JSON.parse(line).toldMs;
    };
    await toldOf(-1);
    const pushMs: number[] = [];
    for (let order = 0; order < commits; order += 1) {
      const startedAt = performance.timeOrigin + performance.now();
      await writer.mutation(fill, { thread, order, count: 1 });
      for (const toldMs of await toldOf(order)) pushMs.push(toldMs - startedAt);
    }
    await child.stop();
    return { samples: { pushMs }, faults: {} };
  },
});

const pushSeries = ({ blocks, isQuick, say }: MetricContext, url: string) => {
  const commits = isQuick ? 5 : 20;
  return runSeries(
    {
      title: "from a mutation until a subscriber of one query is told, all of them in a process of their own",
      subjects: [
        pushes(floor, url, 1, commits),
        pushes(crowd, url, subscribers, commits),
        pushes(floorAgain, url, 1, commits),
      ],
      blocks,
      warmUps: 1,
      comparisons: [
        { title: "p50, 1,000 / 1 subscriber", measure: "pushMs", of: ratio(crowd, floor), target: { max: 8 } },
      ],
      checks: ["pushMs"],
    },
    (done) => say(`pushes: block ${done} of ${blocks}`),
  );
};

/** A start on what an earlier one has left, until it is ready. */
const starts = (name: string, stateFolder: string): Subject => ({
  name,
  observe: async (): Promise<Observation> => {
    const startedAt = performance.now();
    const convex = await EmbeddedConvex.start(functionsFolder, stateFolder);
    const wallMs = performance.now() - startedAt;
    await convex.stop();
    return { samples: { wallMs: [wallMs] }, faults: {} };
  },
});

const startSeries = async ({ blocks, say }: MetricContext) => {
  const [empty, full] = [newFolder("empty"), newFolder("full")];
  const convex = await EmbeddedConvex.start(functionsFolder, full);
  await fillUp(convex.url, "full", startDocuments);
  await convex.stop();
  return runSeries(
    {
      title: "a start of the process until it is ready",
      subjects: [starts(floor, empty), starts(fullStart, full), starts(floorAgain, empty)],
      blocks,
      warmUps: 1,
      comparisons: [
        { title: "100,000 documents / none", measure: "wallMs", of: ratio(fullStart, floor), target: { max: 1.5 } },
      ],
      checks: ["wallMs"],
    },
    (done) => say(`starts: block ${done} of ${blocks}`),
  );
};

const run = async (context: MetricContext): Promise<MetricReport> => {
  const convex = await EmbeddedConvex.start(functionsFolder);
  // Begins without documents, as convex-test does.
  const beside = await EmbeddedConvex.start(functionsFolder);
  try {
    const id = await fillUp(convex.url, "reads", documents);
    const read = await readSeries(context, convex.url, id);
    const push = await pushSeries(context, convex.url);
    const starting = await startSeries(context);
    const compared = await convexTestSeries(context, beside.url);
    return { series: [read, push, starting, compared], counts: [], notes: [] };
  } finally {
    await beside.stop();
    await convex.stop();
  }
};

export const embeddedConvex: Metric = {
  id: "M16",
  title: "What the embedded Convex costs",
  workload:
    "Reads by id over HTTP, pushes to one and to 1,000 subscribers, starts with and without documents, an indexed query and a mutation.",
  floor: "node:http with node:sqlite; one subscriber; a start on an empty database; convex-test",
  peer: "none",
  run,
};
