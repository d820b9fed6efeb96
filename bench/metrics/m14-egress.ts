import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "../harness/blocks.ts";
import { type ComparisonPlan, ratio } from "../harness/comparison.ts";
import type { Metric, MetricContext, MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { AdminClient } from "../subjects/admin-client.ts";
import { startProgram } from "../subjects/child.ts";
import { newFolder } from "../subjects/folders.ts";
import { Product } from "../subjects/product.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { openThread, startSandbox } from "../subjects/viewer.ts";

const clientProgram = new URL("../subjects/tls-client.ts", import.meta.url).pathname;
const upstreamProgram = new URL("../subjects/tls-upstream.ts", import.meta.url).pathname;
/** Hosts without a public address: one is tunnelled, a secret is bound to the other. */
const [tunnelled, bound] = ["tunnel.bench.example", "bound.bench.example"];
const intercepted = "intercepted";

interface Asked {
  readonly connectMs: number;
  readonly latenciesMs: readonly number[];
  readonly failed: number;
}

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
  const upstream = await startProgram(upstreamProgram, { TLS_KEY: key, TLS_CERT: certificate });
  const port = new URL(upstream.origin).port;
  const product = await Product.start(undefined, {
    EGRESS_ADDRESSES: [tunnelled, bound].map((host) => `${host}=127.0.0.1:${port}`).join(","),
  });
  try {
    const admin = await AdminClient.open(product);
    await admin.openEgress();
    await admin.create({ name: "BENCH_KEY", usage: "egress", hosts: [bound], value: "bench-value" });
    const { name } = await startSandbox(product, await openThread(product));
    const host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
    await host.writeFile(name, "tls-client.ts", readFileSync(clientProgram, "utf8"));
    const requests = isQuick ? 20 : 200;

    const readAsked = (stdout: string) => {
      const { connectMs, latenciesMs, failed } = JSON.parse(stdout) as Asked;
      return { samples: { latencyMs: latenciesMs, connectMs: [connectMs] }, faults: { "failed requests": failed } };
    };
    const outside = (title: string): Subject => ({
      name: title,
      observe: async () => {
        const argv = [clientProgram, `${tunnelled}:${port}`, `${requests}`];
        return readAsked(
          execFileSync(process.execPath, argv, { encoding: "utf8", env: { PATH: process.env.PATH ?? "" } }),
        );
      },
    });
    const inside = (title: string, target: string, ...rest: readonly string[]): Subject => ({
      name: title,
      observe: async () => {
        const argv = ["node", "/workspace/tls-client.ts", target, `${requests}`, ...rest];
        const { stdout } = await host.exec(name, argv, 120_000);
        return readAsked(stdout);
      },
    });
    const compared: readonly ComparisonPlan[] = [
      {
        title: "p50 of a request, tunnel / floor",
        measure: "latencyMs",
        of: ratio("product", floor),
        target: { max: 1.5 },
      },
      { title: "p50 of a request, intercepted / floor", measure: "latencyMs", of: ratio(intercepted, floor) },
      { title: "a connection, tunnel / floor", measure: "connectMs", of: ratio("product", floor) },
      { title: "a connection, intercepted / floor", measure: "connectMs", of: ratio(intercepted, floor) },
    ];
    const series = await runSeries(
      {
        title: `${requests} requests of a program by HTTPS over one connection`,
        subjects: [
          outside(floor),
          inside("product", tunnelled),
          // A handle of nobody's: the worker reads the request, asks the vault, and refuses it without asking the host.
          inside(intercepted, bound, "403", `Bearer tbh_${"b".repeat(43)}`),
          outside(floorAgain),
        ],
        blocks,
        warmUps: 1,
        checks: ["latencyMs"],
        comparisons: compared,
      },
      (done) => say(`egress: block ${done} of ${blocks}`),
    );
    return {
      series: [series],
      counts: [],
      notes: [
        "The floor is the same program outside any sandbox, straight to the same host.",
        "An intercepted request is one that the worker refuses after it has read it: what interception costs, without its host.",
      ],
    };
  } finally {
    await product.stop();
  }
};

export const egress: Metric = {
  id: "M14",
  title: "Cost of leaving a sandbox",
  workload: "A program in a sandbox asks a host by HTTPS: through a tunnel, and through an interception.",
  floor: "the same program outside any sandbox",
  peer: "none",
  run,
};
