import { describe, expect, test } from "vitest";
import { countInMemory, readCounts } from "./counts-in-memory.ts";

describe("a counter in memory", () => {
  test("refuses a user what is above the limit, and nobody else, until the period is over", async () => {
    let now = 1_000_000;
    const counter = countInMemory({ limit: 2, period: 10 }, () => now);
    const ask = async (key: string) => (await counter.limit({ key })).success;
    expect([await ask("a"), await ask("a"), await ask("a"), await ask("b")]).toEqual([true, true, false, true]);
    now += 9_999;
    expect(await ask("a")).toBe(false);
    now += 1;
    expect(await ask("a")).toBe(true);
  });

  test("counts what comes at once", async () => {
    const counter = countInMemory({ limit: 120, period: 60 }, () => 0);
    const answers = await Promise.all(Array.from({ length: 200 }, () => counter.limit({ key: "a" })));
    expect(answers.filter(({ success }) => success)).toHaveLength(120);
  });
});

describe("what is said of the counters", () => {
  test("may be nothing", () => {
    expect(readCounts(undefined)).toEqual({});
  });

  test.each(["", "[]", '{"USER_READS":{"limit":0,"period":10}}', '{"USER_READS":{"limit":1}}'])(
    "is refused where it is %j",
    (text) => {
      expect(() => readCounts(text)).toThrow("REQUEST_COUNTS can't be read");
    },
  );
});
