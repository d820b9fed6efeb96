import type { Observation, Subject } from "../harness/blocks.ts";
import { readBurst } from "../harness/burst.ts";
import { addedRatio, type ComparisonPlan, ratio } from "../harness/comparison.ts";
import { echoOver } from "../harness/echo.ts";
import { load } from "../harness/load.ts";
import type { Metric, MetricContext, MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries, type SeriesPlan } from "../harness/series.ts";
import { startProgram } from "../subjects/child.ts";
import { startPeer } from "../subjects/peer-door.ts";
import { Product } from "../subjects/product.ts";
import { runBehindPort } from "../subjects/run-behind-port.ts";
import { type Door, SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { viewDoor } from "../subjects/view-door.ts";
import { openThread, startSandbox } from "../subjects/viewer.ts";

const peer = "hpm+jose";
const portInside = 9321;
const echoText = "x".repeat(440);
const mebibyte = 1024 * 1024;
const programOf = (file: string) => new URL(`../subjects/${file}`, import.meta.url).pathname;

/** One way to the same program. */
interface Way {
  readonly name: string;
  readonly door: Door;
  /** CPU time so far of what lies between client and program; null where nothing does. */
  readonly cpuMs: (() => number) | null;
}

type Work = (door: Door) => Promise<Observation>;

/** CPU time is per block, and the same work is done in each. */
const subjectOf =
  (work: Work) =>
  ({ name, door, cpuMs }: Way): Subject => ({
    name,
    observe: async () => {
      const before = cpuMs?.() ?? 0;
      const { samples, faults } = await work(door);
      return { samples: cpuMs === null ? samples : { ...samples, proxyCpuMs: [cpuMs() - before] }, faults };
    },
  });

const jsonWork =
  (request: { method: "GET" | "POST"; body?: string; bytes: number }, requests: number, connections: number): Work =>
  async (door) => {
    const { latenciesMs, wallMs, faults } = await load({ ...door, ...request, requests, connections });
    return { samples: { latencyMs: latenciesMs, requestsPerSecond: [(requests / wallMs) * 1_000] }, faults };
  };

const downloadWork =
  (bytes: number): Work =>
  async (door) => {
    const { wallMs, faults } = await load({ ...door, method: "GET", requests: 1, connections: 1, bytes });
    return { samples: { mebibytesPerSecond: [(bytes / mebibyte / wallMs) * 1_000] }, faults };
  };

const burstWork =
  (tokens: number): Work =>
  async (door) => {
    const { eventsPerSecond, faults } = await readBurst(door, tokens);
    return { samples: { eventsPerSecond: [eventsPerSecond] }, faults };
  };

const echoWork =
  (messages: number): Work =>
  async (door) => {
    const { latenciesMs, faults } = await echoOver(door, { messages, text: echoText });
    return { samples: { latencyMs: latenciesMs }, faults };
  };

const addedLatency: readonly ComparisonPlan[] = [
  {
    title: `added p50 product / ${peer}`,
    measure: "latencyMs",
    of: addedRatio("product", peer, floor),
    target: { max: 0.5 },
  },
  { title: "p50 product / floor", measure: "latencyMs", of: ratio("product", floor) },
  { title: `p50 ${peer} / floor`, measure: "latencyMs", of: ratio(peer, floor) },
  { title: "p99 product / floor", measure: "latencyMs", of: ratio("product", floor, 0.99) },
  { title: `proxy CPU product / ${peer}`, measure: "proxyCpuMs", of: ratio("product", peer) },
];

/** A route of the worker that does nothing: what workerd, Miniflare and the router cost before any gateway. */
const emptyRoute = "worker's /health";
const gatewayLatency: readonly ComparisonPlan[] = [
  ...addedLatency,
  { title: `p50 ${emptyRoute} / floor`, measure: "latencyMs", of: ratio(emptyRoute, floor) },
  { title: `p50 product / ${emptyRoute}`, measure: "latencyMs", of: ratio("product", emptyRoute) },
];

/** What a browser waits for: the same through the worker, which looks at the view's cookie, its limits and its headers. */
const viewLatency: readonly ComparisonPlan[] = [
  ...addedLatency,
  { title: `added p50 view / ${peer}`, measure: "latencyMs", of: addedRatio("view", peer, floor) },
  { title: "p50 view / product", measure: "latencyMs", of: ratio("view", "product") },
];

const throughput = (measure: string, min: number): readonly ComparisonPlan[] => [
  { title: "rate product / floor", measure, of: ratio("product", floor), target: { min } },
  { title: `rate ${peer} / floor`, measure, of: ratio(peer, floor) },
  { title: `proxy CPU product / ${peer}`, measure: "proxyCpuMs", of: ratio("product", peer) },
];

const under = (door: Door, path: string): Door => ({ ...door, url: `${door.url}${path}` });

/** The ways to a program at `origin`, with the peer started in front of it. */
const waysTo = async (
  origin: string,
  product: Way,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Way[]> => {
  const proxy = await startPeer(origin);
  const direct = (name: string): Way => ({ name, door: { url: origin, headers }, cpuMs: null });
  const door = { url: proxy.origin, headers: { ...headers, authorization: proxy.authorization } };
  return [direct(floor), product, { name: peer, door, cpuMs: () => proxy.child.cpuMs() }, direct(floorAgain)];
};

const bodyLength = async ({ url, headers }: Door, init: RequestInit): Promise<number> =>
  (await (await fetch(url, { ...init, headers })).arrayBuffer()).byteLength;

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const provider = await startProgram(programOf("provider.ts"));
  const product = await Product.start(`${provider.origin}/v1`);
  try {
    const viewer = await openThread(product);
    const sandbox = await startSandbox(product, viewer);
    const host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
    await runBehindPort(host, sandbox.name, portInside);
    const behindPort = await startProgram(programOf("behind-port.ts"));

    const json = { "content-type": "application/json" };
    const gateway: Way = {
      name: "product",
      door: {
        url: `${product.addresses.worker}/internal/model/v1/chat/completions`,
        headers: { ...json, authorization: `Bearer ${sandbox.credential}` },
      },
      cpuMs: () => product.cpuMs("worker"),
    };
    const portProxy: Way = {
      name: "product",
      door: host.port(sandbox.name, portInside),
      cpuMs: () => product.cpuMs("sandbox-host"),
    };
    const view: Way = {
      name: "view",
      door: await viewDoor(product, viewer, `port:${portInside}`),
      cpuMs: () => product.cpuMs("worker") + product.cpuMs("sandbox-host"),
    };
    const toView = (path: string, work: Work) => subjectOf(work)({ ...view, door: under(view.door, path) });
    const toModel = (await waysTo(provider.origin, gateway, json)).map((way) =>
      way === gateway ? way : { ...way, door: under(way.door, "/v1/chat/completions") },
    );
    const toPort = await waysTo(behindPort.origin, portProxy, {});
    const toPath = (path: string) => toPort.map((way) => ({ ...way, door: under(way.door, path) }));

    const completion = JSON.stringify({
      // As the gateway names it: the answer repeats the name.
      model: "bench",
      messages: [{ role: "user", content: "word ".repeat(75) }],
    });
    const completionPlan = {
      method: "POST" as const,
      body: completion,
      bytes: await bodyLength(
        { url: `${provider.origin}/v1/chat/completions`, headers: json },
        { method: "POST", body: completion },
      ),
    };
    const jsonPlan = {
      method: "GET" as const,
      bytes: await bodyLength({ url: `${behindPort.origin}/json`, headers: {} }, {}),
    };
    const requests = isQuick ? 50 : 200;
    // A user's views may be asked 1,200 times in ten seconds.
    const requestsOfView = requests / 2;
    const tokens = isQuick ? 500 : 5_000;
    const download = (isQuick ? 8 : 64) * mebibyte;

    const healthDoor = { url: `${product.addresses.worker}/health`, headers: {} };
    const healthPlan = { method: "GET" as const, bytes: await bodyLength(healthDoor, {}) };
    const health = (connections: number) =>
      subjectOf(jsonWork(healthPlan, requests, connections))({
        name: emptyRoute,
        door: healthDoor,
        cpuMs: () => product.cpuMs("worker"),
      });

    const one = (
      title: string,
      ways: readonly Way[],
      work: Work,
      comparisons: readonly ComparisonPlan[],
      beside: readonly Subject[] = [],
    ): SeriesPlan => ({
      title,
      subjects: [...ways.map(subjectOf(work)), ...beside],
      blocks,
      warmUps: 2,
      comparisons,
      checks: [comparisons[0]?.measure ?? ""],
    });
    const plans = [
      one(
        "model gateway: 450 B of JSON, 1 connection",
        toModel,
        jsonWork(completionPlan, requests, 1),
        gatewayLatency,
        [health(1)],
      ),
      one(
        "model gateway: 450 B of JSON, 32 connections",
        toModel,
        jsonWork(completionPlan, requests, 32),
        gatewayLatency,
        [health(32)],
      ),
      one("model gateway: a stream at full speed", toModel, burstWork(tokens), throughput("eventsPerSecond", 0.95)),
      one(
        "port of a sandbox: 450 B of JSON, 1 connection",
        toPath("/json"),
        jsonWork(jsonPlan, requests, 1),
        viewLatency,
        [toView("/json", jsonWork(jsonPlan, requestsOfView, 1))],
      ),
      one(
        "port of a sandbox: 450 B of JSON, 32 connections",
        toPath("/json"),
        jsonWork(jsonPlan, requests, 32),
        viewLatency,
        [toView("/json", jsonWork(jsonPlan, requestsOfView, 32))],
      ),
      one(
        `port of a sandbox: a download of ${download / mebibyte} MiB`,
        toPath(`/bytes?n=${download}`),
        downloadWork(download),
        [
          ...throughput("mebibytesPerSecond", 0.9),
          { title: "rate view / floor", measure: "mebibytesPerSecond", of: ratio("view", floor) },
        ],
        [toView(`/bytes?n=${download}`, downloadWork(download))],
      ),
      one("port of a sandbox: WebSocket echo of 450 B", toPath("/"), echoWork(requests), viewLatency, [
        toView("/", echoWork(requests)),
      ]),
    ];
    const series = [];
    for (const plan of plans)
      series.push(await runSeries(plan, (done) => say(`${plan.title}: block ${done} of ${blocks}`)));
    return {
      series,
      counts: [],
      notes: [
        "The gateway checks the sandbox credential and its generation (a Durable Object call every five seconds), parses the request, names the model, adds the key and reads along in the answer; the peer checks a JWT and forwards bytes.",
        "The floor and the peer of the sandbox's port reach the same program outside the jail; the product's way leads through the host and the jail's supervisor.",
      ],
    };
  } finally {
    await product.stop();
  }
};

export const proxyCost: Metric = {
  id: "M4",
  title: "Cost of a proxied request",
  workload: "450 B of JSON over 1 and 32 connections with a token each time, a stream, a download, a WebSocket echo.",
  floor: "the same program reached directly",
  peer: "http-proxy-middleware behind a JWT check by jose, on Node",
  run,
};
