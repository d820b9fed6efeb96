import { describe, expect, test } from "vitest";
import { decidePool, type PoolQuestion, warmBytes, warmFor } from "./warm-decision.ts";

const reserve = 512 * 1024 * 1024;
const quiet: PoolQuestion = {
  size: 2,
  members: 0,
  stale: 0,
  isStarting: false,
  occupants: 0,
  runningMax: 4,
  isBusy: false,
  freeMemoryBytes: reserve + warmBytes,
  memoryReserveBytes: reserve,
};

describe("a pool of sandboxes that are nobody's", () => {
  test.each<[string, Partial<PoolQuestion>, ReturnType<typeof decidePool>]>([
    ["begins one on a quiet machine", {}, "start one"],
    ["begins one at a time", { isStarting: true }, "nothing"],
    ["begins none while a thread starts or works", { isBusy: true }, "nothing"],
    ["begins none that would leave too little memory", { freeMemoryBytes: reserve + warmBytes - 1 }, "nothing"],
    ["begins none in a place that a thread may need", { occupants: 3, members: 1 }, "nothing"],
    ["is full with so many as are wanted", { members: 2 }, "nothing"],
    ["ends what was started for another configuration", { members: 2, stale: 1 }, "end a stale one"],
    ["gives memory back", { members: 1, freeMemoryBytes: reserve - 1 }, "end one"],
    ["gives places back", { members: 2, occupants: 3 }, "end one"],
    ["has nothing to give back when it is empty", { freeMemoryBytes: 0 }, "nothing"],
  ])("%s", (_, over, decision) => {
    expect(decidePool({ ...quiet, ...over })).toBe(decision);
  });

  const gib = 1024 ** 3;
  test.each([
    [4, 4, 0],
    [16, 1, 0],
    [8, 2, 1],
    [16, 2, 1],
    [16, 8, 2],
  ])("a machine of %i GiB and %i processors keeps %i", (memory, processors, size) => {
    expect(warmFor(memory * gib, processors)).toBe(size);
  });
});
