import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { echoOver } from "../harness/echo.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { AdminClient } from "../subjects/admin-client.ts";
import { ChatClient } from "../subjects/chat-client.ts";
import { startProgram } from "../subjects/child.ts";
import { Product } from "../subjects/product.ts";
import { runBehindPort } from "../subjects/run-behind-port.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { viewDoor } from "../subjects/view-door.ts";
import { openThread, startSandbox, type Viewer } from "../subjects/viewer.ts";

const providerProgram = new URL("../subjects/provider.ts", import.meta.url).pathname;
const readerProgram = new URL("../subjects/follow-secret.ts", import.meta.url).pathname;
const secretName = "BENCH_KEY";
const [followPort, pollPort, echoPort] = [9331, 9332, 9333];
const peer = "poller";
/** A poller at the usual 60 s, shortened this often so that a run ends. */
const shortened = 60;
const waitMsMax = 120_000;
const messagesOfFloor = 10;

/** A sandbox in which one program follows the secret and one asks for it again and again. */
interface Reader {
  readonly viewer: Viewer;
  readonly name: string;
}

const startReader = async (product: Product, host: SandboxHostClient): Promise<Reader> => {
  const viewer = await openThread(product);
  const { name } = await startSandbox(product, viewer);
  await host.writeFile(name, "follow-secret.ts", readFileSync(readerProgram, "utf8"));
  const run = (port: number, way: string) =>
    // Runs until the sandbox ends; its answer is of no interest.
    host
      .exec(
        name,
        ["node", "/workspace/follow-secret.ts", `${port}`, way, secretName, `${60_000 / shortened}`],
        1_200_000,
      )
      .catch(() => {});
  void run(followPort, "follow");
  void run(pollPort, "poll");
  return { viewer, name };
};

/** Resolves when a program in that sandbox has the version. */
const hasVersion = async (host: SandboxHostClient, { name }: Reader, port: number, version: number): Promise<void> => {
  const { url, headers } = host.port(name, port);
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())));
    const response = await fetch(`${url}/?version=${version}`, { headers, signal }).catch(() => undefined);
    const known = Number(await response?.text().catch(() => ""));
    if (response?.ok === true && known >= version) return;
    if (performance.now() > deadline) throw new Error(`Version ${version} did not come to ${name}.`);
    await delay(100);
  }
};

const run = async ({ blocks, isQuick, isAlone, say }: MetricContext): Promise<MetricReport> => {
  const provider = await startProgram(providerProgram);
  const product = await Product.start(`${provider.origin}/v1`, { SANDBOX_RUNNING_MAX: "4" });
  try {
    const admin = await AdminClient.open(product);
    const secret = await admin.create({ name: secretName, usage: "env", value: "bench-value-1" });
    const host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
    const readers: Reader[] = [];
    for (let made = 0; made < (isQuick || isAlone ? 1 : 4); made++) readers.push(await startReader(product, host));
    let version = 1;
    const everywhere = (port: number) => Promise.all(readers.map((reader) => hasVersion(host, reader, port, version)));
    await Promise.all([everywhere(followPort), everywhere(pollPort)]);
    const startsBefore = await host.starts();

    // Every thread streams while its secret is rotated; what is lost of that is a fault.
    let dropped = 0;
    const tokens = isQuick ? 50 : 400;
    const streaming = Promise.all(
      readers.map(async ({ viewer }) => {
        const client = await ChatClient.open(product, viewer);
        // Tokens that come together are late, and not lost.
        const { lost, duplicated, reordered } = (await client.prompt({ tokens, firstMs: 0, everyMs: 50 })).faults;
        if (lost + duplicated + reordered > 0) dropped += 1;
        client.close();
      }),
    ).catch(() => {
      dropped += 1;
    });

    /** From the moment when the new version is accepted until it has come to the last sandbox. */
    const rotation = (name: string, port: number): Subject => ({
      name,
      observe: async () => {
        await admin.rotate(secret, version, `bench-value-${version + 1}`);
        const acceptedAt = performance.now();
        version += 1;
        await everywhere(port);
        return { samples: { untilHadMs: [performance.now() - acceptedAt] }, faults: {} };
      },
    });
    const [first] = readers;
    if (first === undefined) throw new Error("No sandbox has started.");
    await runBehindPort(host, first.name, echoPort);
    const door = await viewDoor(product, first.viewer, `port:${echoPort}`);
    const message = (name: string): Subject => ({
      name,
      observe: async () => {
        const { latenciesMs, faults } = await echoOver(door, { messages: messagesOfFloor, text: "bench-value" });
        return { samples: { untilHadMs: latenciesMs }, faults: { ...faults } };
      },
    });
    const series = await runSeries(
      {
        title: `a rotation until ${readers.length} sandboxes have it, against one WebSocket message to a sandbox and back`,
        subjects: [message(floor), rotation("product", followPort), rotation(peer, pollPort), message(floorAgain)],
        blocks,
        warmUps: 1,
        checks: [],
        comparisons: [
          {
            title: "p95 product / floor",
            measure: "untilHadMs",
            of: ratio("product", floor, 0.95),
            target: { max: 5 },
          },
          {
            title: `product / ${peer} at 60 s`,
            measure: "untilHadMs",
            of: (value) => value("product") / (value(peer) * shortened),
            target: { max: 1 / 60 },
          },
        ],
      },
      (done) => say(`rotation: block ${done} of ${blocks}`),
    );
    await streaming;

    say("what is still good");
    const deadline = performance.now() + waitMsMax;
    let usable = await admin.usable(secret);
    while (usable.length > 1 && performance.now() < deadline) {
      await delay(200);
      usable = await admin.usable(secret);
    }
    const stale = readers.map(async ({ name }) => {
      const { stdout } = await host.exec(name, ["get-secret", secretName], 20_000);
      return stdout.trim() === `bench-value-${version}` ? 0 : 1;
    });
    const staleUses = (await Promise.all(stale)).reduce<number>((sum, one) => sum + one, 0);
    const restarts = (await host.starts()).join() === startsBefore.join() ? 0 : 1;

    say("the restart that a rotation used to need");
    const restartedAt = performance.now();
    await admin.restart(readers.map(({ viewer }) => viewer.threadId));
    const restartMs = performance.now() - restartedAt;
    const productMs = series.medians.untilHadMs?.product ?? Number.NaN;
    return {
      series: [series],
      counts: [
        count("restarts", restarts, "", { max: 0 }),
        count("dropped streams", dropped, "", { max: 0 }),
        count("uses of an old value after the acknowledgement", staleUses, "", { max: 0 }),
        count("versions that may be used once everybody has the newest", usable.length, "", { max: 1 }),
        count("a rotation over the restart that it used to need", productMs / restartMs, "", { max: 0.05 }),
      ],
      notes: [
        "The floor is a WebSocket message through the worker to a program in one of the sandboxes, and its echo; the product's and the poller's times hold besides a request through the sandbox host, by which the bench hears that the program has the value.",
        `The poller asks every ${60 / shortened} s; its time is reported as it was, and compared as at 60 s.`,
      ],
    };
  } finally {
    await product.stop();
  }
};

export const rotation: Metric = {
  id: "M10",
  title: "Rotation of a secret",
  workload:
    "A secret that programs in sandboxes follow is rotated while their threads stream, until every sandbox has the new value.",
  floor: "one WebSocket message through the same worker, and its echo",
  peer: "a program that asks every 60 s, and the restart of the sandbox",
  run,
};
