import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCodeConfigVariable, openCodePort, workspacePath } from "@threadbox/contracts/opencode";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { type Metric, type MetricContext, type MetricReport, NotMeasurableError } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { newFolder } from "../subjects/folders.ts";
import {
  createSession,
  openCodeAuthorization,
  openCodeConfig,
  spawnOpenCode,
  waitByLine,
} from "../subjects/opencode.ts";
import { type LoneSandboxHost, startSandboxHost } from "../subjects/sandbox-host.ts";

/** Nothing is prompted here, so no model provider has to listen. */
const unusedProvider = "http://127.0.0.1:9/v1";
const query = (directory: string) => `?directory=${encodeURIComponent(directory)}`;
const cold = "cold start";
const peer = "restic restore, then serve";
const fileBytes = 24_000;

const observe = async (work: () => Promise<boolean>): Promise<Observation> => {
  const startedAt = performance.now();
  const isGood = await work();
  return { samples: { wallMs: [performance.now() - startedAt] }, faults: { failed: isGood ? 0 : 1 } };
};

const isHealthy = async (origin: string, headers: Readonly<Record<string, string>>): Promise<boolean> => {
  const response = await fetch(`${origin}/global/health`, { headers, signal: AbortSignal.timeout(60_000) });
  await response.arrayBuffer();
  return response.ok;
};

/** A folder of many small files, such as a workspace with its dependencies. */
const makeFiles = (count: number): string => {
  const folder = newFolder("files");
  for (let at = 0; at < count; at += 1) {
    const inner = join(folder, `package-${at % 97}`);
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, `${at}.js`), randomBytes(fileBytes / 2).toString("hex"));
  }
  return folder;
};

/** A sandbox of the product, started, put to sleep and woken by its generations. */
class Sandbox {
  readonly name = randomBytes(16).toString("hex");
  readonly #client: LoneSandboxHost["client"];
  #generation = 0;
  #password = "";

  constructor({ client }: LoneSandboxHost) {
    this.#client = client;
  }

  get #door() {
    return this.#client.port(this.name, openCodePort, openCodeAuthorization(this.#password));
  }

  start(): Promise<boolean> {
    this.#generation += 1;
    this.#password = randomBytes(32).toString("base64url");
    return this.#client.ensure(this.name, {
      generation: this.#generation,
      openCodePassword: this.#password,
      environment: { [openCodeConfigVariable]: openCodeConfig(`${egressBaseUrl}/model/v1`) },
    });
  }

  isHealthy = (): Promise<boolean> => isHealthy(this.#door.url, this.#door.headers);

  async hasSession(): Promise<boolean> {
    return (await createSession(`${this.#door.url}/session${query(workspacePath)}`, this.#door.headers)) !== null;
  }

  sleep = (): Promise<void> => this.#client.destroy(this.name, true);

  async fill(count: number): Promise<void> {
    const script = `for my $at (0 .. ${count - 1}) { my $in = "package-" . $at % 97; mkdir $in; open my $file, ">", "$in/$at.js"; print $file join "", map { sprintf "%04x", rand 65536 } 1 .. ${fileBytes / 4} }`;
    const { exitCode, stderr } = await this.#client.exec(this.name, ["perl", "-e", script], 300_000);
    if (exitCode !== 0) throw new Error(`The workspace can't be filled: ${stderr}`);
  }
}

const bareSession = async (prepare: (workspace: string) => void): Promise<boolean> => {
  prepare(newFolder("copy"));
  const openCode = await spawnOpenCode(unusedProvider);
  try {
    await waitByLine(openCode);
    const url = `${openCode.origin}/session${query(openCode.workspace)}`;
    return (await createSession(url, { authorization: openCode.authorization })) !== null;
  } finally {
    await openCode.stop();
  }
};

const fromNap = async (host: LoneSandboxHost, { blocks, say }: MetricContext) => {
  const sandbox = new Sandbox(host);
  if (!(await sandbox.start())) throw new NotMeasurableError("The sandbox doesn't start.");
  const running = await spawnOpenCode(unusedProvider);
  await waitByLine(running);
  const headers = { authorization: running.authorization };
  const runs = (name: string): Subject => ({ name, observe: () => observe(() => isHealthy(running.origin, headers)) });
  const subjects: readonly Subject[] = [
    runs(floor),
    {
      name: "product",
      observe: async () => {
        if (!(await host.client.waitForNap(sandbox.name))) throw new NotMeasurableError("The sandbox doesn't nap.");
        return observe(sandbox.isHealthy);
      },
    },
    {
      name: cold,
      observe: async () => {
        const startedAt = performance.now();
        const openCode = await spawnOpenCode(unusedProvider);
        const probe = await waitByLine(openCode);
        const wallMs = performance.now() - startedAt;
        await openCode.stop();
        return { samples: { wallMs: [wallMs] }, faults: { failed: probe.isHealthy ? 0 : 1 } };
      },
    },
    runs(floorAgain),
  ];
  try {
    return await runSeries(
      {
        title: "from a nap to the first answer",
        subjects,
        blocks,
        warmUps: 1,
        // A warm answer takes half a millisecond, in which the floor can't agree with itself.
        checks: [],
        comparisons: [
          { title: "nap / cold start", measure: "wallMs", of: ratio("product", cold), target: { max: 0.02 } },
          { title: "nap / a running server", measure: "wallMs", of: ratio("product", floor) },
        ],
      },
      (done) => say(`nap, block ${done} of ${blocks}`),
    );
  } finally {
    await running.stop();
    await host.client.destroy(sandbox.name);
  }
};

const fromSleep = async (host: LoneSandboxHost, { blocks, isQuick, say }: MetricContext) => {
  const files = isQuick ? 500 : 4_700;
  const folder = makeFiles(files);
  const repository = newFolder("restic");
  const environment = { PATH: process.env.PATH ?? "", HOME: repository, RESTIC_PASSWORD: "bench" };
  const restic = (...argv: readonly string[]) =>
    execFileSync("restic", ["--repo", repository, "--no-cache", "--quiet", ...argv], { env: environment });
  restic("init");
  restic("backup", folder);
  const sandbox = new Sandbox(host);
  if (!(await sandbox.start())) throw new NotMeasurableError("The sandbox doesn't start.");
  await sandbox.fill(files);
  const bare = (name: string, prepare: (workspace: string) => void): Subject => ({
    name,
    observe: () => observe(() => bareSession(prepare)),
  });
  const copy = (workspace: string) => cpSync(folder, workspace, { recursive: true });
  const subjects: readonly Subject[] = [
    bare(floor, copy),
    {
      name: "product",
      observe: async () => {
        await sandbox.sleep();
        return observe(async () => (await sandbox.start()) && sandbox.hasSession());
      },
    },
    bare(peer, (workspace) => restic("restore", "latest", "--target", workspace)),
    bare(floorAgain, copy),
  ];
  try {
    return await runSeries(
      {
        title: "from sleep to the first session",
        subjects,
        blocks,
        warmUps: 1,
        checks: ["wallMs"],
        comparisons: [
          {
            title: "sleep / cold start and cp -r",
            measure: "wallMs",
            of: ratio("product", floor),
            target: { max: 1.15 },
          },
          { title: `sleep / ${peer}`, measure: "wallMs", of: ratio("product", peer), target: { max: 0.5 } },
        ],
      },
      (done) => say(`sleep, block ${done} of ${blocks}`),
    );
  } finally {
    await host.client.destroy(sandbox.name);
    for (const each of [folder, repository]) rmSync(each, { recursive: true, force: true });
  }
};

const run = async (context: MetricContext): Promise<MetricReport> => {
  const host = await startSandboxHost(unusedProvider, { SANDBOX_NAP_SECONDS: "1" });
  try {
    const series = [await fromNap(host, context), await fromSleep(host, context)];
    const notes = [
      "A sandbox that sleeps keeps its disks on its host, so nothing is brought back from a store; a host that has lost them restores by restic, as the peer does.",
    ];
    return { series, counts: [], notes };
  } finally {
    await host.stop();
  }
};

export const wake: Metric = {
  id: "M5",
  title: "Wake",
  workload:
    "A sandbox that naps, until OpenCode's first answer; one that sleeps with 4,700 files of 110 MB, until POST /session answers 200.",
  floor: "an OpenCode that runs; a cold one after `cp -r` of the same files",
  peer: "a cold start; `restic restore` and a cold start",
  run,
};
