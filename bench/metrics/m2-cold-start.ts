import { randomBytes } from "node:crypto";
import { openCodeConfigVariable, openCodePort, workspacePath } from "@threadbox/contracts/opencode";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { median } from "../harness/statistics.ts";
import {
  type BareOpenCode,
  createSession,
  openCodeAuthorization,
  openCodeConfig,
  spawnOpenCode,
  waitByLine,
  waitByLongFetch,
  waitByPolling,
} from "../subjects/opencode.ts";
import { type LoneSandboxHost, startSandboxHost } from "../subjects/sandbox-host.ts";

/** Nothing is prompted here, so no model provider has to listen. */
const unusedProvider = "http://127.0.0.1:9/v1";
const longFetchStarts = 3;
const query = (directory: string) => `?directory=${encodeURIComponent(directory)}`;

const observation = (wallMs: number, cpuMs: number, hasSession: boolean): Observation => ({
  samples: { wallMs: [wallMs], cpuMs: [cpuMs] },
  faults: { "failed starts": hasSession ? 0 : 1 },
});

/** A bare OpenCode from its spawn to its first session, waited for in one way or another. */
const bareStart = async (wait: (openCode: BareOpenCode) => Promise<unknown>): Promise<Observation> => {
  const startedAt = performance.now();
  const openCode = await spawnOpenCode(unusedProvider);
  try {
    await wait(openCode);
    const url = `${openCode.origin}/session${query(openCode.workspace)}`;
    const session = await createSession(url, { authorization: openCode.authorization });
    return observation(performance.now() - startedAt, openCode.child.cpuMs(), session !== null);
  } finally {
    await openCode.stop();
  }
};

const bare = (name: string, wait: (openCode: BareOpenCode) => Promise<unknown>): Subject => ({
  name,
  observe: () => bareStart(wait),
});

/** The same through the product: a new sandbox with an empty home, until a session is made through its port. */
const jailed = ({ child, client }: LoneSandboxHost): Subject => ({
  name: "product",
  observe: async () => {
    const name = randomBytes(16).toString("hex");
    const openCodePassword = randomBytes(32).toString("base64url");
    const cpuBeforeMs = child.cpuMs();
    const startedAt = performance.now();
    const isReady = await client.ensure(name, {
      generation: 1,
      openCodePassword,
      environment: { [openCodeConfigVariable]: openCodeConfig(`${egressBaseUrl}/model/v1`) },
    });
    const { url, headers } = client.port(name, openCodePort, openCodeAuthorization(openCodePassword));
    const session = isReady ? await createSession(`${url}/session${query(workspacePath)}`, headers) : null;
    const seen = observation(performance.now() - startedAt, child.cpuMs() - cpuBeforeMs, session !== null);
    await client.destroy(name);
    return seen;
  },
});

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const host = await startSandboxHost(unusedProvider);
  try {
    const series = await runSeries(
      {
        title: "from nothing to the first session",
        subjects: [
          bare(floor, waitByLine),
          jailed(host),
          bare("polled once a second", waitByPolling),
          bare(floorAgain, waitByLine),
        ],
        blocks,
        warmUps: 1,
        checks: ["wallMs", "cpuMs"],
        comparisons: [
          { title: "wall product / floor", measure: "wallMs", of: ratio("product", floor), target: { max: 1.1 } },
          { title: "CPU product / floor", measure: "cpuMs", of: ratio("product", floor), target: { max: 1.03 } },
          { title: "wall polled once a second / floor", measure: "wallMs", of: ratio("polled once a second", floor) },
          {
            title: "wall product / polled once a second",
            measure: "wallMs",
            of: ratio("product", "polled once a second"),
          },
        ],
      },
      (done) => say(`block ${done} of ${blocks}`),
    );
    const floorMs = median(series.samples.wallMs?.[floor]?.flat() ?? []);
    const longMs: number[] = [];
    for (let start = 0; start < (isQuick ? 1 : longFetchStarts); start++) {
      longMs.push(...((await bareStart(waitByLongFetch)).samples.wallMs ?? []));
    }
    const failed = series.faults.product?.["failed starts"] ?? 0;
    return {
      series: [series],
      counts: [
        count("failed starts of the product", failed, `of ${blocks}`, { max: 0 }),
        count(`one probe of up to 20 s / floor (${longMs.length} starts)`, median(longMs) / floorMs, "×"),
      ],
      notes: [
        "CPU is counted in hundredths of a second over the whole family of processes; the product's holds its host and the jail's supervisor.",
      ],
    };
  } finally {
    await host.stop();
  }
};

export const coldStart: Metric = {
  id: "M2",
  title: "Cold start of a sandbox",
  workload: "Nothing warm, a fresh home, no network; until POST /session answers 200.",
  floor: "bare `opencode serve`, waited for by its listening line and short health tries",
  peer: "the same, asked for its health once a second",
  run,
};
