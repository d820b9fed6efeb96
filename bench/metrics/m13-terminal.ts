import type { Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { openBrowser, signInAndPrompt } from "../subjects/browser.ts";
import { startProgram } from "../subjects/child.ts";
import { Product } from "../subjects/product.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { TerminalPage } from "../subjects/terminal-page.ts";

const serverProgram = new URL("../subjects/bare-terminal.ts", import.meta.url).pathname;
const megabyte = 1_000_000;
const letters = 20;
const memoryProgram = "awk '{ pages += $2 } END { print int(pages / 256) }' /proc/[0-9]*/statm";

/** What all programs of the sandbox hold. */
const memoryMib = async (host: SandboxHostClient, name: string): Promise<number> =>
  Number((await host.exec(name, ["sh", "-c", memoryProgram], 10_000)).stdout);

const subject = (
  name: string,
  page: TerminalPage,
  measure: "echoMs" | "megabytesPerSecond",
  bytes: number,
): Subject => ({
  name,
  observe: async () => {
    await page.page.bringToFront();
    await page.waitForPrompt();
    const samples =
      measure === "echoMs" ? await page.echo(letters) : [(bytes / megabyte / (await page.print(bytes))) * 1_000];
    return { samples: { [measure]: samples }, faults: {} };
  },
});

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const product = await Product.start();
  const browser = await openBrowser();
  try {
    const { url, state } = await signInAndPrompt(browser, product.addresses.app);
    const context = await browser.newContext({ storageState: state, viewport: { width: 1600, height: 900 } });
    const ours = new TerminalPage(await context.newPage());
    await TerminalPage.prepare(ours.page);
    await ours.page.goto(url);
    await ours.page.getByRole("button", { name: "Show computer" }).click();
    await ours.page.getByRole("tab", { name: "Terminal" }).click();
    await ours.waitForPrompt();
    const { columns, rows } = await ours.size();

    const server = await startProgram(serverProgram);
    const openBare = async (): Promise<TerminalPage> => {
      const bare = new TerminalPage(await context.newPage());
      await TerminalPage.prepare(bare.page);
      await bare.page.goto(`${server.origin}/?columns=${columns}&rows=${rows}`);
      await bare.waitForPrompt();
      return bare;
    };
    const [bare, bareAgain] = [await openBare(), await openBare()];

    const host = new SandboxHostClient(product.addresses.sandboxHost, product.keys.sandboxHostToken);
    const [name = ""] = await host.names();
    const subjects = (measure: "echoMs" | "megabytesPerSecond", bytes = 0) => [
      subject(floor, bare, measure, bytes),
      subject("product", ours, measure, bytes),
      subject(floorAgain, bareAgain, measure, bytes),
    ];
    const echo = await runSeries(
      {
        title: `a key at the prompt until its echo is painted, ${columns} × ${rows}`,
        subjects: subjects("echoMs"),
        blocks,
        warmUps: 1,
        checks: ["echoMs"],
        comparisons: [
          { title: "p50 product / floor", measure: "echoMs", of: ratio("product", floor), target: { max: 1.5 } },
          { title: "p95 product / floor", measure: "echoMs", of: ratio("product", floor, 0.95) },
        ],
      },
      (done) => say(`echo: block ${done} of ${blocks}`),
    );
    const bytes = (isQuick ? 4 : 20) * megabyte;
    const before = await memoryMib(host, name);
    const output = await runSeries(
      {
        title: `${bytes / megabyte} MB of output until its end is painted`,
        subjects: subjects("megabytesPerSecond", bytes),
        blocks: Math.min(blocks, 5),
        warmUps: 1,
        checks: ["megabytesPerSecond"],
        comparisons: [
          {
            title: "rate product / floor",
            measure: "megabytesPerSecond",
            of: ratio("product", floor),
            target: { min: 0.7 },
          },
        ],
      },
      (done) => say(`output: block ${done}`),
    );
    say("100 MB at once");
    await ours.page.bringToFront();
    await ours.waitForPrompt();
    const printed = ours.print((isQuick ? 8 : 100) * megabyte);
    let highest = 0;
    let isOver = false;
    const watching = (async () => {
      while (!isOver) highest = Math.max(highest, await memoryMib(host, name));
    })();
    await printed;
    isOver = true;
    await watching;
    return {
      series: [echo, output],
      counts: [
        count(
          `memory of the sandbox's programs beyond what they held before any output, highest while ${isQuick ? 8 : 100} MB are printed`,
          Math.max(0, highest - before),
          "MiB",
          { max: 64 },
        ),
      ],
      notes: [
        "The floor is the same emulator on a page of its own, one WebSocket and the same PTY program outside any sandbox, with the flow control that xterm.js advises.",
      ],
    };
  } finally {
    await browser.close();
    await product.stop();
  }
};

export const terminal: Metric = {
  id: "M13",
  title: "Terminal",
  workload: "A key at a shell's prompt until its echo is painted; output of many megabytes until its end is painted.",
  floor: "the same emulator on a bare WebSocket PTY",
  peer: "none",
  run,
};
