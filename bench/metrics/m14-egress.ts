import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation, Subject } from "../harness/blocks.ts";
import { addedRatio, ratio } from "../harness/comparison.ts";
import type { Metric, MetricContext, MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries, type SeriesPlan } from "../harness/series.ts";
import { AdminClient } from "../subjects/admin-client.ts";
import { startProgram } from "../subjects/child.ts";
import { newFolder } from "../subjects/folders.ts";
import { Product } from "../subjects/product.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { openThread, startSandbox } from "../subjects/viewer.ts";

const clientProgram = new URL("../subjects/tls-client.ts", import.meta.url).pathname;
const upstreamProgram = new URL("../subjects/tls-upstream.ts", import.meta.url).pathname;
const proxyProgram = new URL("../subjects/bare-proxy.ts", import.meta.url).pathname;
/** Hosts without a public address: one is tunnelled, a secret is bound to the other. */
const [tunnelled, bound] = ["tunnel.bench.example", "bound.bench.example"];
const intercepted = "intercepted";
const peer = "node TLS proxy";
/** As many processes as an interception leads through, and nothing done in them but to end the encryption once. */
const threeProcesses = "three bare processes";
const mebibyte = 1024 * 1024;

interface Measured {
  readonly connectMs: number;
  readonly latenciesMs?: readonly number[];
  readonly mebibytesPerSecond?: number;
  readonly failed?: number;
}

const observationOf = (stdout: string): Observation => {
  const { connectMs, latenciesMs = [], mebibytesPerSecond, failed = 0 } = JSON.parse(stdout) as Measured;
  const samples = {
    connectMs: [connectMs],
    latencyMs: latenciesMs,
    ...(mebibytesPerSecond === undefined ? {} : { mebibytesPerSecond: [mebibytesPerSecond] }),
  };
  return { samples, faults: { "failed requests": failed } };
};

const makeCertificate = () => {
  const folder = newFolder("tls");
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", `/CN=${tunnelled}`, "-addext", `subjectAltName=DNS:${tunnelled},DNS:${bound}`];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...request, "-keyout", key, "-out", certificate, ...subject], { stdio: "ignore" });
  return { key, certificate };
};

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const { key, certificate } = makeCertificate();
  const tls = { TLS_KEY: key, TLS_CERT: certificate };
  const upstream = await startProgram(upstreamProgram, tls);
  const port = new URL(upstream.origin).port;
  const at = `127.0.0.1:${port}`;
  const proxyOf = (way: "relay" | "end" | "pass", to = at) =>
    startProgram(proxyProgram, { ...tls, PROXY_WAY: way, PROXY_UPSTREAM: to });
  const [relay, ending] = [await proxyOf("relay"), await proxyOf("end")];
  const second = await proxyOf("pass", new URL(ending.origin).host);
  const third = await proxyOf("pass", new URL(second.origin).host);
  const product = await Product.start(undefined, {
    EGRESS_ADDRESSES: [tunnelled, bound].map((host) => `${host}=${at}`).join(","),
    NODE_EXTRA_CA_CERTS: certificate,
  });
  try {
    const admin = await AdminClient.open(product);
    await admin.openEgress();
    await admin.create({ name: "BENCH_KEY", usage: "egress", hosts: [bound], value: "bench-value-of-a-secret" });
    const { name } = await startSandbox(product, await openThread(product));
    const host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
    await host.writeFile(name, "tls-client.ts", readFileSync(clientProgram, "utf8"));

    type Work = readonly ["requests" | "download" | "events", number];
    const outside = (title: string, work: Work, proxy?: string): Subject => ({
      name: title,
      observe: async () => {
        const env = { PATH: process.env.PATH ?? "", ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy }) };
        const argv = [clientProgram, `${tunnelled}:${port}`, ...work.map(String)];
        return observationOf(execFileSync(process.execPath, argv, { encoding: "utf8", env }));
      },
    });
    const inside = (title: string, target: string, work: Work): Subject => ({
      name: title,
      observe: async () => {
        const argv = ["node", "/workspace/tls-client.ts", target, ...work.map(String)];
        const { stdout, stderr } = await host.exec(name, argv, 300_000);
        if (stdout === "") throw new Error(`${title}: ${stderr}`);
        return observationOf(stdout);
      },
    });
    const requests: Work = ["requests", isQuick ? 20 : 200];
    const events: Work = ["events", isQuick ? 50 : 400];
    const bytes: Work = ["download", (isQuick ? 64 : 1024) * mebibyte];
    const everyWay = (work: Work): readonly Subject[] => [
      outside(floor, work),
      inside("product", tunnelled, work),
      inside(intercepted, bound, work),
      outside(peer, work, ending.origin),
      outside(threeProcesses, work, third.origin),
      outside(floorAgain, work),
    ];
    const plans: readonly SeriesPlan[] = [
      {
        title: `${requests[1]} requests of a program by HTTPS over one connection`,
        subjects: everyWay(requests),
        blocks,
        warmUps: 1,
        checks: ["latencyMs"],
        comparisons: [
          { title: "p50 of a request, tunnel / floor", measure: "latencyMs", of: ratio("product", floor) },
          { title: "p50 of a request, intercepted / floor", measure: "latencyMs", of: ratio(intercepted, floor) },
          {
            title: `added p50 of a request, intercepted / ${peer}`,
            measure: "latencyMs",
            of: addedRatio(intercepted, peer, floor),
          },
          { title: "a connection, tunnel / floor", measure: "connectMs", of: ratio("product", floor) },
          { title: "a connection, intercepted / floor", measure: "connectMs", of: ratio(intercepted, floor) },
        ],
      },
      {
        title: `${events[1]} server-sent events, one every 5 ms, each from its sending on`,
        subjects: everyWay(events),
        blocks,
        warmUps: 1,
        checks: ["latencyMs"],
        comparisons: [
          {
            title: `added p50, intercepted / ${peer}`,
            measure: "latencyMs",
            of: addedRatio(intercepted, peer, floor),
            target: { max: 2 },
          },
          {
            title: `added p50, intercepted / ${threeProcesses}`,
            measure: "latencyMs",
            of: addedRatio(intercepted, threeProcesses, floor),
          },
          { title: "p50, intercepted / floor", measure: "latencyMs", of: ratio(intercepted, floor) },
          { title: "p50, tunnel / floor", measure: "latencyMs", of: ratio("product", floor) },
        ],
      },
      {
        title: `a download of ${bytes[1] / mebibyte} MiB by HTTPS through a relay`,
        subjects: [
          outside(floor, bytes, relay.origin),
          inside("product", tunnelled, bytes),
          outside("no relay", bytes),
          outside(floorAgain, bytes, relay.origin),
        ],
        blocks,
        warmUps: 1,
        checks: ["mebibytesPerSecond"],
        comparisons: [
          {
            title: "rate, tunnel / bare relay",
            measure: "mebibytesPerSecond",
            of: ratio("product", floor),
            target: { min: 0.8 },
          },
          { title: "rate, no relay / bare relay", measure: "mebibytesPerSecond", of: ratio("no relay", floor) },
        ],
      },
    ];
    const series = [];
    for (const plan of plans)
      series.push(await runSeries(plan, (done) => say(`${plan.title}: block ${done} of ${blocks}`)));
    return {
      series,
      counts: [],
      notes: [
        "The floor of requests and events is the same program outside any sandbox, straight to the same host; that of the download is the same through a relay of Node that only passes bytes on.",
        "The peer ends the encryption and asks the host anew, and looks at nothing. An interception also judges the host, asks the vault for the secret, and hides it in the answer.",
      ],
    };
  } finally {
    await product.stop();
  }
};

export const egress: Metric = {
  id: "M14",
  title: "Cost of leaving a sandbox",
  workload:
    "A program in a sandbox asks a host by HTTPS: through a tunnel, and through an interception that adds a secret.",
  floor: "the same program outside any sandbox, straight or through a bare relay",
  peer: "a plain Node proxy that ends TLS",
  run,
};
