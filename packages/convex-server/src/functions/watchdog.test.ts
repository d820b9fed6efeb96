import { describe, expect, test } from "vitest";
import { ThreadClock } from "./runtime/thread-clock.ts";
import { type CallLimits, type Overrun, Watchdog } from "./watchdog.ts";

interface Look {
  /** Milliseconds of CPU used by then. */
  readonly used?: number;
  readonly isIdle?: boolean;
}

const id = 7;

/** A thread that is found as told at each look, the last way for ever; `looks` counts them. */
const threadOf = (hasBegun: boolean, ...found: Look[]) => {
  const clock = new ThreadClock();
  if (hasBegun) clock.begin(id, true);
  const counted = { looks: 0 };
  const at = (): Look => found[Math.min(counted.looks, found.length - 1)] ?? {};
  return {
    clock,
    counted,
    functionMs: async () => {
      const { used = 0 } = at();
      counted.looks += 1;
      return used;
    },
    isIdle: async () => at().isIdle ?? false,
  };
};

const overrunOf = (thread: ReturnType<typeof threadOf>, limits: CallLimits): Promise<Overrun> =>
  new Promise((resolve) => new Watchdog(thread, id, limits, resolve));

describe("a call that is watched", () => {
  test("ends when it has used its CPU, and however long it takes not before", async () => {
    const thread = threadOf(true, { used: 1 }, { used: 2 }, { used: 3 }, { used: 5 });
    expect(await overrunOf(thread, { cpuMs: 5 })).toBe("computed");
    expect(thread.counted.looks).toBe(4);
  });

  test("that does not compute ends when it has taken its time", async () => {
    expect(await overrunOf(threadOf(true, { isIdle: true }), { cpuMs: 10, waitMs: 1 })).toBe("waited");
  });

  test("that is past its time and still computes is left to what it may use", async () => {
    const thread = threadOf(true, { used: 1 }, { used: 2 }, { used: 10 });
    expect(await overrunOf(thread, { cpuMs: 10, waitMs: 1 })).toBe("computed");
    expect(thread.counted.looks).toBe(3);
  });

  test("that its thread has not begun is not called too slow when something else computes there", async () => {
    expect(await overrunOf(threadOf(false, { isIdle: false }), { cpuMs: 1 })).toBe("held up");
  });

  test("without a limit on its CPU ends at its time when it computes then, and is held up when another does", async () => {
    expect(await overrunOf(threadOf(true, {}), { waitMs: 1 })).toBe("computed");
    const shared = threadOf(true, {});
    shared.clock.enter(id + 1);
    expect(await overrunOf(shared, { waitMs: 1 })).toBe("held up");
  });
});
