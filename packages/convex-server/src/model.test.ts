import { expect, onTestFinished, test } from "vitest";
import { History } from "./model/history.testing.ts";
import { ProcessWorld, SameProcessWorld } from "./model/worlds.testing.ts";
import { SmallDisk } from "./storage/small-disk.testing.ts";

/** The seeds `first-last` of a variable, or those that are played each time. */
const seedsOf = (variable: string, few: string): readonly number[] => {
  const [first = 1, last = first] = (process.env[variable] ?? few).split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
};

const restarts = seedsOf("CONVEX_MODEL_SEEDS", "1-12");
const faults = seedsOf("CONVEX_FAULT_SEEDS", "1-4");

test(
  "whatever clients do while the server starts anew and its clock is set, each acknowledged mutation counts once, each job runs once, and all come to see the same",
  async () => {
    const world = await SameProcessWorld.start();
    onTestFinished(() => world.close());
    for (const seed of restarts) await History.play(world, seed);
  },
  120_000 + restarts.length * 10_000,
);

test.skipIf(!SmallDisk.isPossible)(
  "the same while its process is killed and its disk is full",
  async () => {
    const world = await ProcessWorld.start();
    onTestFinished(() => world.close());
    for (const seed of faults) await History.play(world, seed);
    expect(world.kills).toBeGreaterThan(0);
  },
  120_000 + faults.length * 30_000,
);
