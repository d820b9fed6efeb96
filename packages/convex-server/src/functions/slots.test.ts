import { describe, expect, test } from "vitest";
import { Slots } from "./slots.ts";

describe("slots", () => {
  test("let no more tasks run at once than there are, in order, also when tasks fail", async () => {
    const slots = new Slots(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const task = (name: number) => (): Promise<number> => {
      started.push(name);
      return new Promise((resolve, reject) => {
        ends[name] = () => (name === 0 ? reject(new Error("0")) : resolve(name));
      });
    };
    const runs = [0, 1, 2, 3].map((name) => slots.run(task(name)));
    const settled = Promise.allSettled(runs);
    expect(started).toEqual([0, 1]);
    ends[0]?.();
    await expect(runs[0]).rejects.toThrow("0");
    expect(started).toEqual([0, 1, 2]);
    ends[2]?.();
    await runs[2];
    expect(started).toEqual([0, 1, 2, 3]);
    ends[1]?.();
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  });
});
