import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { spawnOpenCode, waitByLine } from "../subjects/opencode.ts";
import { Product } from "../subjects/product.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { viewDoor } from "../subjects/view-door.ts";
import { openThread } from "../subjects/viewer.ts";

/** Nothing is prompted here, so no model provider has to listen. */
const unusedProvider = "http://127.0.0.1:9/v1";
const metricsToken = "metrics-token-of-the-bench-0123456789abcdef";
const [warm, coldProduct, cold] = ["product", "product without a pool", "cold start"];
/** People don't open threads faster than that. */
const pauseMs = 2_000;
const refillMsMax = 30_000;
const query = (directory: string) => `?directory=${encodeURIComponent(directory)}`;

/** Whether OpenCode tells its sessions of the workspace, for which its instance has to be there. `fetch` would set a host of its own. */
const tellsSessions = async (url: string, headers: Readonly<Record<string, string>>): Promise<boolean> => {
  const asked = get(url, { headers, timeout: 60_000 });
  asked.on("timeout", () => asked.destroy(new Error("OpenCode's sessions are not told.")));
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const told = await text(response);
  return response.statusCode === 200 && Array.isArray(JSON.parse(told));
};

const observation = (startedAt: number, isAnswered: boolean): Observation => ({
  samples: { wallMs: [performance.now() - startedAt] },
  faults: { "failed starts": isAnswered ? 0 : 1 },
});

const bareCold: Subject["observe"] = async () => {
  const startedAt = performance.now();
  const openCode = await spawnOpenCode(unusedProvider);
  try {
    await waitByLine(openCode);
    const url = `${openCode.origin}/session${query(openCode.workspace)}`;
    return observation(startedAt, await tellsSessions(url, { authorization: openCode.authorization }));
  } finally {
    await openCode.stop();
  }
};

/** A product whose threads' sandboxes go as soon as they have been measured. */
class Threads {
  readonly #product: Product;
  readonly #host: SandboxHostClient;

  constructor(product: Product) {
    this.#product = product;
    this.#host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
  }

  /** Waits until so many are ready for new threads; a busy machine may not come to it. */
  async untilReady(wanted: number): Promise<void> {
    const until = performance.now() + refillMsMax;
    while ((await this.#host.warm()) < wanted && performance.now() < until) await delay(100);
  }

  /** A new thread, until OpenCode answers through the worker. */
  async observe(): Promise<Observation> {
    const viewer = await openThread(this.#product);
    const startedAt = performance.now();
    const { url, headers } = await viewDoor(this.#product, viewer, "opencode");
    const seen = observation(startedAt, await tellsSessions(`${url}/session${query(workspacePath)}`, headers));
    for (const name of await this.#host.names()) await this.#host.destroy(name);
    return seen;
  }

  async counter(name: string): Promise<number> {
    const response = await fetch(`${this.#product.addresses.worker}/metrics`, {
      headers: { authorization: `Bearer ${metricsToken}` },
    });
    const text = await response.text();
    return Number(new RegExp(`^\\{"${name.replaceAll(".", "\\.")}"\\} (\\d+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  }
}

const run = async ({ blocks, say }: MetricContext): Promise<MetricReport> => {
  const metered = { METRICS_TOKEN: metricsToken };
  const product = await Product.start(undefined, { ...metered, SANDBOX_WARM: "1" });
  const poolless = await Product.start(undefined, metered);
  const bare = await spawnOpenCode(unusedProvider);
  try {
    await waitByLine(bare);
    const session = `${bare.origin}/session${query(bare.workspace)}`;
    await tellsSessions(session, { authorization: bare.authorization });
    const [threads, coldThreads] = [new Threads(product), new Threads(poolless)];
    const atFloor = (name: string): Subject => ({
      name,
      observe: async () => {
        const startedAt = performance.now();
        return observation(startedAt, await tellsSessions(session, { authorization: bare.authorization }));
      },
    });
    const series = await runSeries(
      {
        title: "from the first need of a new thread's sandbox to OpenCode's list of sessions, through the worker",
        subjects: [
          atFloor(floor),
          {
            name: warm,
            observe: async () => {
              await threads.untilReady(1);
              const seen = await threads.observe();
              await delay(pauseMs);
              // What is begun for the next thread is not to slow down the subject that follows.
              await threads.untilReady(1);
              return seen;
            },
          },
          { name: coldProduct, observe: () => coldThreads.observe() },
          { name: cold, observe: bareCold },
          atFloor(floorAgain),
        ],
        blocks,
        warmUps: 1,
        checks: ["wallMs"],
        comparisons: [
          {
            title: "warm / cold start of bare OpenCode",
            measure: "wallMs",
            of: ratio(warm, cold),
            target: { max: 0.05 },
          },
          { title: "warm / the same question to one that runs", measure: "wallMs", of: ratio(warm, floor) },
          { title: "warm / without a pool", measure: "wallMs", of: ratio(warm, coldProduct) },
        ],
      },
      (done) => say(`new thread: block ${done} of ${blocks}`),
    );
    const [hits, misses] = [await threads.counter("sandbox.warm_hits"), await threads.counter("sandbox.warm_misses")];
    return {
      series: [series],
      counts: [
        count("failed starts", series.faults[warm]?.["failed starts"] ?? 0, `of ${blocks}`, { max: 0 }),
        count("threads that no sandbox was ready for", misses, `of ${hits + misses}`, { max: 0 }),
      ],
      notes: ["A new thread's time holds a view's opening and its ticket: two requests, and the list's."],
    };
  } finally {
    await Promise.allSettled([bare.stop(), product.stop(), poolless.stop()]);
  }
};

export const newThread: Metric = {
  id: "M1",
  title: "A new thread's sandbox",
  workload: "A pool of one; new threads two seconds apart, until GET /session through the worker answers 200.",
  floor: "GET /session on a bare OpenCode that runs",
  peer: "a cold bare `opencode serve`; the product without a pool",
  run,
};
