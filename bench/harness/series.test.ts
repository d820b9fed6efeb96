import { expect, test } from "vitest";
import { ratio } from "./comparison.ts";
import { floor, floorAgain, runSeries, type SeriesPlan } from "./series.ts";

const subject = (name: string, wallMs: number, lost = 0) => ({
  name,
  observe: async () => ({ samples: { wallMs: [wallMs] }, faults: { lost } }),
});
const plan = (subjects: SeriesPlan["subjects"], extra: Partial<SeriesPlan> = {}): SeriesPlan => ({
  title: "test",
  subjects,
  blocks: 5,
  warmUps: 1,
  checks: ["wallMs"],
  comparisons: [{ title: "product/floor", measure: "wallMs", of: ratio("product", floor), target: { max: 1.1 } }],
  ...extra,
});
const verdictOf = async (series: SeriesPlan) => (await runSeries(series)).comparisons.map(({ verdict }) => verdict);

test("a series decides when the floor agrees with itself and nothing was lost", async () => {
  expect(await verdictOf(plan([subject(floor, 10), subject(floorAgain, 10), subject("product", 10.5)]))).toEqual([
    "met",
  ]);
  expect(await verdictOf(plan([subject(floor, 10), subject(floorAgain, 10), subject("product", 12)]))).toEqual([
    "not met",
  ]);
});

test("a series whose floor does not agree with itself is noisy and decides nothing", async () => {
  const report = await runSeries(plan([subject(floor, 10), subject(floorAgain, 11), subject("product", 10)]));
  expect(report.checks).toMatchObject([{ measure: "wallMs", isQuiet: false }]);
  expect(report.comparisons.map(({ verdict }) => verdict)).toEqual(["noisy"]);
});

test("a series in which something was lost has failed, unless the loser is forgiven", async () => {
  const quick = [subject(floor, 10), subject(floorAgain, 10), subject("product", 1)];
  expect(await verdictOf(plan([...quick.slice(0, 2), subject("product", 1, 1)]))).toEqual(["failed"]);
  expect(await verdictOf(plan([...quick, subject("peer", 30, 1)]))).toEqual(["failed"]);
  expect(await verdictOf(plan([...quick, subject("peer", 30, 1)], { forgiven: ["peer"] }))).toEqual(["met"]);
});

test("a report keeps the samples of every block and the faults of every subject", async () => {
  const report = await runSeries(plan([subject(floor, 10), subject(floorAgain, 10), subject("product", 20, 2)]));
  expect(report.samples.wallMs?.product).toEqual([[20], [20], [20], [20], [20]]);
  expect(report.medians.wallMs).toEqual({ product: 20, [floor]: 10, [floorAgain]: 10 });
  expect(report.faults.product).toEqual({ lost: 10 });
});
