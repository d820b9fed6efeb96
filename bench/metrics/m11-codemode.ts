import type { Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { runningFamilyOf } from "../harness/processes.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import {
  memoryMibOf,
  type ProgramMachine,
  programOf,
  runOn,
  startPeerMachine,
  startProductMachine,
} from "../subjects/program-machine.ts";

const sumUpTo = (calls: number): number => (calls * (calls - 1)) / 2;

/** Runs fresh programs of so many calls one after the other. */
const subject = (name: string, machine: ProgramMachine, calls: number, runs: number): Subject => ({
  name,
  observe: async () => {
    const samples: number[] = [];
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const { ms, result } = await runOn(machine, programOf(calls));
      samples.push(ms);
      if (result !== sumUpTo(calls)) wrong += 1;
    }
    return { samples: { runMs: samples }, faults: { wrong } };
  },
});

/** What one more call costs, over the floor's whole run. */
const extraCall = (value: (subject: string) => number): number =>
  (value("product, 100 calls") - value("product")) / 100 / value(floor);

const contained = async (machine: ProgramMachine, program: string): Promise<boolean> => {
  const { result } = await runOn(machine, program);
  while ((await runOn(machine, programOf(1))).result !== 0);
  return result === null;
};

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const product = await startProductMachine();
  const bare = await startPeerMachine("without-isolate");
  const isolatedVm = await startPeerMachine("in-isolated-vm");
  const quickJs = await startPeerMachine("in-quickjs");
  const bwrap = await startPeerMachine("in-bwrap");
  const runs = isQuick ? 5 : 20;
  const series = await runSeries(
    {
      title: "a fresh program, from the connection to its result",
      subjects: [
        subject(floor, bare, 0, runs),
        subject("product", product, 0, runs),
        subject("product, 1 call", product, 1, runs),
        subject("product, 10 calls", product, 10, runs),
        subject("product, 100 calls", product, 100, Math.ceil(runs / 2)),
        subject("100 tool requests", bare, 1, 100),
        subject("floor, 100 calls", bare, 100, Math.ceil(runs / 2)),
        subject("isolated-vm", isolatedVm, 0, runs),
        subject("quickjs-emscripten", quickJs, 0, runs),
        subject("bwrap + node", bwrap, 0, Math.ceil(runs / 4)),
        subject(floorAgain, bare, 0, runs),
      ],
      blocks,
      warmUps: 1,
      checks: ["runMs"],
      comparisons: [
        { title: "product / isolated-vm", measure: "runMs", of: ratio("product", "isolated-vm"), target: { max: 1.5 } },
        { title: "product / quickjs-emscripten", measure: "runMs", of: ratio("product", "quickjs-emscripten") },
        {
          title: "product / bwrap + node",
          measure: "runMs",
          of: ratio("product", "bwrap + node"),
          target: { max: 0.03 },
        },
        { title: "one more tool call / floor", measure: "runMs", of: extraCall, target: { max: 0.05 } },
        {
          title: "one more tool call / the same frame there and back without a program",
          measure: "runMs",
          of: (value) => (value("product, 100 calls") - value("product")) / (value("floor, 100 calls") - value(floor)),
        },
        {
          title: "a program of 100 calls / 100 tool requests",
          measure: "runMs",
          of: (value) => value("product, 100 calls") / (100 * value("100 tool requests")),
          target: { max: 0.1 },
        },
      ],
    },
    (done) => say(`block ${done} of ${blocks}`),
  );
  const lasting = isQuick ? 100 : 1_000;
  const memory: number[] = [];
  for (let at = 1; at <= lasting; at += 1) {
    await runOn(product, programOf(0));
    if (at === 50 || at === lasting) memory.push(memoryMibOf(product, runningFamilyOf));
    if (at % 50 === 0) say(`memory: ${at} of ${lasting} runs`);
  }
  const [early = 1, late = 0] = memory;
  say("a loop, and memory without end");
  const loop = await contained(product, "async () => { for (;;) {} }");
  const bytes = await contained(
    product,
    "async () => { const kept = []; for (;;) { kept.push(new Uint8Array(2 ** 24).fill(1)); await scheduler.wait(5); } }",
  );
  return {
    series: [series],
    counts: [
      count(`memory after ${lasting} runs over that after 50`, late / early, "", { max: 1.5 }),
      count(
        "a loop without end and memory without end that were ended, and the next program ran",
        Number(loop) + Number(bytes),
        "of 2",
        {
          min: 2,
        },
      ),
    ],
    notes: [
      "Each sample holds the connection: every run has a WebSocket of its own, as in the product.",
      "The tools answer at once; what they do is no part of this.",
    ],
  };
};

export const codemode: Metric = {
  id: "M11",
  title: "A program of the model's",
  workload: "fresh programs of 0, 1, 10 and 100 tool calls, one after the other, on the machine that runs programs",
  floor: "the same frames answered by a Node server that runs no program",
  peer: "a fresh isolate of isolated-vm, a fresh runtime of quickjs-emscripten, and Node in bubblewrap, each behind the same frames",
  run,
};
