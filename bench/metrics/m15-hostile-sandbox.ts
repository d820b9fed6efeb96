import { programs } from "@threadbox/hostile-opencode/programs";
import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import type { Directive } from "../harness/directive.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { AttackedThread, openCodeServers } from "../subjects/attacked-thread.ts";
import { ChatClient } from "../subjects/chat-client.ts";
import { startProgram } from "../subjects/child.ts";
import { Product } from "../subjects/product.ts";
import { openThread } from "../subjects/viewer.ts";

const providerProgram = new URL("../subjects/provider.ts", import.meta.url).pathname;
const busyThread = "beside a busy thread";
const blocksMax = 10;
const mebibyte = 1024 * 1024;
const memoryLookMs = 50;
const prompts = 3;

const run = async ({ blocks: asked, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const blocks = Math.min(asked, blocksMax);
  const directive: Directive = { tokens: isQuick ? 20 : 100, firstMs: 50, everyMs: 10 };
  const provider = await startProgram(providerProgram);
  const product = await Product.start(`${provider.origin}/v1`);
  try {
    const neighbour = await ChatClient.open(product, await openThread(product));
    await neighbour.prompt(directive);
    const others = openCodeServers(product);
    const attackedClient = await ChatClient.open(product, await openThread(product));
    await attackedClient.prompt(directive);
    const attacked = new AttackedThread(product, attackedClient, others);
    let growthMax = 0;

    const answers = async (): Promise<Observation> => {
      const firstTokenMs: number[] = [];
      const tokenDelayMs: number[] = [];
      let lost = 0;
      const before = product.memory("worker");
      let most = before;
      const looking = setInterval(() => {
        most = Math.max(most, product.memory("worker"));
      }, memoryLookMs);
      try {
        for (let prompt = 0; prompt < prompts; prompt++) {
          const answer = await neighbour.prompt(directive);
          firstTokenMs.push(answer.firstTokenMs);
          tokenDelayMs.push(...answer.tokenDelaysMs);
          lost += answer.faults.lost + answer.faults.duplicated + answer.faults.reordered;
        }
      } finally {
        clearInterval(looking);
      }
      const growth = (most - before) / mebibyte;
      growthMax = Math.max(growthMax, growth);
      return { samples: { firstTokenMs, tokenDelayMs, workerGrowthMib: [growth] }, faults: { "wrong tokens": lost } };
    };

    const subjectOf = (name: string, observe: () => Promise<Observation>): Subject => ({ name, observe });
    const names = Object.keys(programs);
    const beside = [
      subjectOf(busyThread, () => attacked.whileBusy(answers)),
      ...names.map((name) => subjectOf(`beside ${name}`, () => attacked.during(name, answers))),
    ];
    const series = await runSeries(
      {
        title: `${prompts} answers of ${directive.tokens} tokens in another thread`,
        subjects: [subjectOf(floor, answers), ...beside, subjectOf(floorAgain, answers)],
        blocks,
        warmUps: 1,
        checks: ["firstTokenMs", "tokenDelayMs"],
        comparisons: beside.flatMap(({ name }) => {
          const target = name === busyThread ? {} : { target: { max: 2 } };
          return [
            {
              title: `first token, slowest of ${prompts}, ${name} / alone`,
              measure: "firstTokenMs",
              of: ratio(name, floor, 1),
              ...target,
            },
            {
              title: `delay per token, p99, ${name} / alone`,
              measure: "tokenDelayMs",
              of: ratio(name, floor, 0.99),
              ...target,
            },
          ];
        }),
      },
      (done) => say(`block ${done} of ${blocks}`),
    );
    return {
      series: [series],
      counts: [count("most that the worker grew by in one observation", Math.round(growthMax), "MiB", { max: 64 })],
      notes: [
        "The neighbour is another thread with a sandbox of its own, in the same worker. Each attack begins with a prompt to the program that has taken OpenCode's place, and ends after the neighbour's last answer.",
        "The busy thread is a lawful turn of 4,000 tokens, one each millisecond: what one's neighbours cost on this machine anyway.",
        "The worker's growth is resident memory above what it was when the observation began, garbage that isn't collected yet included.",
      ],
    };
  } finally {
    await product.stop();
    await provider.child.stop();
  }
};

export const hostileSandbox: Metric = {
  id: "M15",
  title: "Beside a hostile sandbox",
  workload: "A program in the place of one thread's OpenCode sends what it likes while another thread is prompted.",
  floor: "the same prompts while nobody attacks",
  peer: "the same prompts beside a busy lawful thread",
  run,
};
