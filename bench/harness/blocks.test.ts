import { describe, expect, test } from "vitest";
import { balanced, faultsOf, runBlocks, type Subject, samplesOf } from "./blocks.ts";

const subject = (name: string, log: string[], faults: Record<string, number> = {}): Subject => ({
  name,
  observe: async (block) => {
    log.push(`${name}${block}`);
    return { samples: { wallMs: [block] }, faults };
  },
});

describe("blocks", () => {
  test("run each subject once, one after the other, in another order in every block", async () => {
    const log: string[] = [];
    const blocks = await runBlocks([subject("a", log), subject("b", log), subject("c", log)], {
      blocks: 3,
      warmUps: 0,
    });
    expect(log).toEqual(["a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2"]);
    expect(blocks.map(({ order }) => order.join(""))).toEqual(["abc", "bca", "cab"]);
  });

  test("never overlap", async () => {
    let running = 0;
    let most = 0;
    const busy = (name: string): Subject => ({
      name,
      observe: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return { samples: {}, faults: {} };
      },
    });
    await runBlocks([busy("a"), busy("b")], { blocks: 5, warmUps: 1 });
    expect(most).toBe(1);
  });

  test("forget the warm-up", async () => {
    const log: string[] = [];
    const blocks = await runBlocks([subject("a", log)], { blocks: 2, warmUps: 2 });
    expect(log).toEqual(["a-2", "a-1", "a0", "a1"]);
    expect(samplesOf(blocks, "a", "wallMs")).toEqual([[0], [1]]);
  });

  test.each([2, 3, 4, 5, 6])(
    "give each of %d subjects each place, and each other one as predecessor, equally often",
    (count) => {
      const subjects = Array.from({ length: count }, (_, at) => `s${at}`);
      const orders = Array.from({ length: 2 * count }, (_, block) => balanced(subjects, block));
      const tally = new Map<string, number>();
      for (const order of orders)
        for (const [place, name] of order.entries())
          for (const said of [`${name} at ${place}`, ...(place === 0 ? [] : [`${name} after ${order[place - 1]}`])])
            tally.set(said, (tally.get(said) ?? 0) + 1);
      expect(tally.size).toBe(count * count + count * (count - 1));
      expect(new Set(tally.values())).toEqual(new Set([2]));
    },
  );

  test("add up faults by kind and subject", async () => {
    const blocks = await runBlocks([subject("a", [], { lost: 2, duplicated: 0 }), subject("b", [])], {
      blocks: 3,
      warmUps: 1,
    });
    expect(faultsOf(blocks, "a")).toEqual({ lost: 6, duplicated: 0 });
    expect(faultsOf(blocks, "b")).toEqual({});
  });
});
