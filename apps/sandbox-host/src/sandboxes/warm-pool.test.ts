import { Generation, type SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox, WarmPlan } from "@threadbox/contracts/sandbox-host";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { fakeEngine } from "../engines/engine.testing.ts";
import type { RunningSandbox, SandboxEnd, SandboxStart } from "../engines/engine.ts";
import { sandboxName } from "../host.testing.ts";
import { WarmPool, type WarmPoolOptions, withWarmPool } from "./warm-pool.ts";

const planned = (model = "a"): WarmPlan => ({
  environment: { CONFIG: `${model} credential-of-nobody` },
  files: [],
  credential: "credential-of-nobody",
});
const startOf = (over: Partial<EnsureSandbox> = {}, name = sandboxName()): SandboxStart => ({
  name,
  request: {
    generation: Generation.make(1),
    openCodePassword: "x".repeat(32),
    environment: { CONFIG: "a credential-of-the-start", OWN: "o" },
    own: { credential: "credential-of-the-start", variables: ["OWN"], files: [] },
    ...over,
  },
  traffic: { note: () => {}, begin: () => () => {} },
});

const open = (over: Partial<WarmPoolOptions> = {}) => {
  const engine = fakeEngine({ isInstant: true });
  const assigned: SandboxName[] = [];
  const stopped: string[] = [];
  const ends: ((end: SandboxEnd) => void)[] = [];
  const taken = new Set<SandboxName>();
  let isRefusing = false;
  const pool = new WarmPool({
    warm: {
      isNew: async (name) => !taken.has(name),
      start: async ({ environment }) => {
        const { promise, resolve } = Promise.withResolvers<SandboxEnd>();
        ends.push(resolve);
        const stop = async (reason: string) => {
          stopped.push(environment.CONFIG ?? "");
          resolve({ status: "stopped", reason });
        };
        return {
          ended: promise,
          stop,
          assign: async (start): Promise<RunningSandbox> => {
            if (isRefusing) throw new Error("It takes no start.");
            assigned.push(start.name);
            return engine.start(start, new AbortController().signal);
          },
        };
      },
    },
    size: 1,
    runningMax: 4,
    memoryReserveBytes: 0,
    freeMemoryBytes: () => 1e12,
    threads: () => ({ occupants: 0, areStarting: false }),
    idleShare: () => 1,
    ask: async () => planned(),
    log: pino({ level: "silent" }),
    ...over,
  });
  return {
    pool,
    engine: withWarmPool(engine, pool),
    assigned,
    stopped,
    ends,
    taken,
    refuse: () => {
      isRefusing = true;
    },
    untilFull: async (size = 1) => {
      await pool.look();
      await expect.poll(() => pool.size).toBe(size);
    },
  };
};
const { signal } = new AbortController();

describe("sandboxes for new threads", () => {
  test("a start of the same configuration is met by one, whatever its credential; the next one is begun then", async () => {
    const { pool, engine, assigned, untilFull } = open();
    await untilFull();
    const start = startOf();
    expect(await engine.start(start, signal)).toMatchObject({ wasWarm: true });
    expect(assigned).toEqual([start.name]);
    expect(pool.size).toBe(0);
    await untilFull();
  });

  test("none is handed out twice", async () => {
    const { engine, assigned, untilFull } = open();
    await untilFull();
    const answers = await Promise.all([engine.start(startOf(), signal), engine.start(startOf(), signal)]);
    expect(answers.map(({ wasWarm }) => wasWarm).sort()).toEqual([false, true]);
    expect(assigned).toHaveLength(1);
  });

  test.each<[string, Partial<EnsureSandbox>]>([
    ["trusts its workspace", { trustsWorkspace: true }],
    ["begins empty", { startsEmpty: true }],
    ["has files of another moment", { restore: { id: "a" } as EnsureSandbox["restore"] & object }],
    ["has files of another thread", { origin: { name: sandboxName(), id: "a" } as EnsureSandbox["origin"] & object }],
  ])("a start that %s is its own", async (_, over) => {
    const { engine, assigned, untilFull } = open();
    await untilFull();
    expect(await engine.start(startOf(over), signal)).not.toHaveProperty("wasWarm");
    expect(assigned).toEqual([]);
  });

  test("a start of which something is kept is its own", async () => {
    const { engine, assigned, taken, untilFull } = open();
    await untilFull();
    const start = startOf();
    taken.add(start.name);
    expect(await engine.start(start, signal)).not.toHaveProperty("wasWarm");
    expect(assigned).toEqual([]);
  });

  test("another configuration is a miss, and what was started for the former one is replaced", async () => {
    const { pool, engine, stopped, untilFull } = open();
    await untilFull();
    const other = { environment: { CONFIG: "b credential-of-the-start", OWN: "o" } };
    expect(await engine.start(startOf(other), signal)).toMatchObject({ wasWarm: false });
    await pool.look();
    expect(stopped).toEqual(["a credential-of-nobody"]);
    await untilFull();
    expect(await engine.start(startOf(other), signal)).toMatchObject({ wasWarm: true });
  });

  test("one that takes no start costs nobody theirs", async () => {
    const { engine, refuse, untilFull } = open();
    await untilFull();
    refuse();
    expect(await engine.start(startOf(), signal)).toMatchObject({ wasWarm: false });
  });

  test("one that has ended is replaced", async () => {
    const { pool, ends, untilFull } = open();
    await untilFull();
    ends[0]?.({ status: "failed", reason: "crashed" });
    await expect.poll(() => pool.size).toBe(0);
    await untilFull();
    expect(ends).toHaveLength(2);
  });

  test("a thread that needs the place has it before its own start begins", async () => {
    let occupants = 0;
    const { engine, stopped, untilFull } = open({
      runningMax: 2,
      threads: () => ({ occupants, areStarting: false }),
    });
    await untilFull();
    occupants = 2;
    await engine.start(startOf({ trustsWorkspace: true }), signal);
    expect(stopped).toHaveLength(1);
  });

  test("memory is given back, and the end leaves none", async () => {
    const { pool, stopped, untilFull } = open();
    expect(await pool.relieve()).toBe(false);
    await untilFull();
    expect(await pool.relieve()).toBe(true);
    await untilFull();
    await pool.close();
    expect([pool.size, stopped.length]).toEqual([0, 2]);
    await pool.look();
    expect(pool.size).toBe(0);
  });
});
