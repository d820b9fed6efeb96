import { PassThrough } from "node:stream";
import { Generation, type SandboxName } from "@threadbox/contracts/ids";
import type { NapCause, SandboxNap } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { fakeEngine } from "../engines/engine.testing.ts";
import { sandboxName } from "../host.testing.ts";
import { deafEnds } from "./end-notices.testing.ts";
import { afterLookMs, Nap } from "./nap.ts";
import { decideRelief, isNapDue, type Rester } from "./nap-decision.ts";
import { idleAfterMs } from "./place-decision.ts";
import { SandboxRegistry } from "./registry.ts";
import { memoryReason, Rest } from "./rest.ts";
import { UseRecord } from "./use.ts";
import { watchBytes } from "./watch-bytes.ts";

const napAfterMs = 180_000;
const generation = Schema.decodeSync(Generation)(1);
const log = pino({ level: "silent" });

/** A host with two sandboxes that run, in the hands of the test. */
const openHost = async () => {
  const time = { now: 1_000_000 };
  const machine = { freeMib: 4_096 };
  const told: Omit<SandboxNap, "owner" | "generation">[] = [];
  const engine = fakeEngine({ isInstant: true });
  const now = () => time.now;
  const registry = new SandboxRegistry({
    engine,
    generations: { find: async () => undefined, remember: async () => {}, forget: async () => {} },
    ends: deafEnds,
    naps: { tell: ({ name, nap }) => void told.push({ name, nap }), forget: () => {} },
    runningMax: 8,
    now,
    log,
  });
  const rest = new Rest({
    napAfterMs,
    memoryReserveBytes: 512 * 1024 * 1024,
    freeMemoryBytes: () => machine.freeMib * 1024 * 1024,
    starts: () => registry.starts(),
    sleep: (name, reason) => registry.sleep(name, reason),
    now,
    log,
  });
  const start = async () => {
    const name = sandboxName();
    const at = engine.starts.length;
    await registry.ensure(name, { generation, openCodePassword: "x".repeat(32), environment: {}, owner: "somebody" });
    const started = engine.starts[at];
    if (started === undefined) throw new Error("nothing was started");
    return { name, started, nap: () => registry.get(name).nap };
  };
  const pass = async (ms: number) => {
    time.now += ms;
    await rest.look();
  };
  return { time, machine, told, registry, rest, start, pass };
};

describe("a sandbox that is not used", () => {
  test("naps after the idle time, keeps its memory, is told of, and is awake before whatever comes next", async () => {
    const { registry, told, start, pass } = await openHost();
    const { name, started, nap } = await start();
    await pass(napAfterMs - 1);
    expect([nap(), started.rest]).toEqual([undefined, []]);
    await pass(1);
    expect([nap(), started.rest, started.hasEnded()]).toEqual(["idle", ["freeze"], false]);
    const { release } = registry.use(name);
    expect([nap(), started.rest]).toEqual([undefined, ["freeze", "thaw"]]);
    release();
    expect(told).toEqual([
      { name, nap: "idle" },
      { name, nap: null },
    ]);
  });

  test("stays awake while a request waits for its answer, and while bytes come or go after that", async () => {
    const { registry, start, pass } = await openHost();
    const { name, nap } = await start();
    const { sandbox, flows } = registry.use(name);
    await pass(3 * napAfterMs);
    expect(nap()).toBeUndefined();
    flows();
    const stream = sandbox.connect(80);
    for (let round = 0; round < 3; round += 1) {
      await pass(napAfterMs - 1);
      stream.write("a byte");
    }
    expect(nap()).toBeUndefined();
    await pass(napAfterMs);
    expect(nap(), "a silent socket is no use").toBe("idle");
    stream.write("the first byte");
    expect(nap()).toBeUndefined();
  });

  test("stays awake while its programs work in the background or ask the world for something", async () => {
    const { registry, start, pass } = await openHost();
    const { name, started, nap } = await start();
    for (let round = 0; round < 60; round += 1) {
      started.work(300);
      await pass(5_000);
    }
    expect(nap()).toBeUndefined();
    const [, { use } = { use: null }] = [...registry.starts()].find(([each]) => each === name) ?? [];
    const settle = use?.begin();
    await pass(2 * napAfterMs);
    expect(nap()).toBeUndefined();
    settle?.();
    await pass(napAfterMs);
    expect(nap()).toBe("idle");
    use?.note();
    expect(nap(), "an answer that comes late wakes it").toBeUndefined();
  });

  test("whose process was killed meanwhile is awake at the next look, so that its end is noticed", async () => {
    const { start, pass } = await openHost();
    const { started, nap } = await start();
    await pass(napAfterMs);
    started.hurt();
    await pass(1);
    expect([nap(), started.rest]).toEqual([undefined, ["freeze", "thaw"]]);
  });
});

describe("a machine that is short of memory", () => {
  test("has the least recently used nap, one after the other, and then sleep in the same order", async () => {
    const { machine, registry, start, pass } = await openHost();
    const [old, young, busy] = [await start(), await start(), await start()];
    registry.use(busy.name);
    await pass(idleAfterMs);
    registry.use(young.name).release();
    await pass(idleAfterMs);
    expect([old.nap(), young.nap()]).toEqual([undefined, undefined]);
    machine.freeMib = 500;
    await pass(1);
    expect([old.nap(), young.nap()]).toEqual(["memory", undefined]);
    await pass(1);
    expect([old.nap(), young.nap()]).toEqual(["memory", "memory"]);
    await pass(1);
    expect(registry.get(old.name)).toMatchObject({ status: "stopped", reason: memoryReason });
    await pass(1);
    expect(registry.get(young.name)).toMatchObject({ status: "stopped", reason: memoryReason });
    await pass(1);
    expect(registry.get(busy.name), "what is in use is let alone").toMatchObject({ status: "ready" });
  });

  const name = sandboxName();
  const anyRester: fc.Arbitrary<Rester> = fc.record({
    name: fc.constant(name) as fc.Arbitrary<SandboxName>,
    isNapping: fc.boolean(),
    openUses: fc.nat(2),
    heldUses: fc.nat(1),
    usedAt: fc.nat(50_000),
    stirredAt: fc.nat(50_000),
  });

  test("never touches what is in use, and ends nothing while something is left to nap", () => {
    fc.assert(
      fc.property(fc.array(anyRester, { maxLength: 6 }), fc.nat(60_000), (resters, now) => {
        const named = resters.map((rester) => ({ ...rester, name: sandboxName() }));
        const relief = decideRelief(named, now);
        const chosen = named.find((rester) => rester.name === relief?.name);
        const isIdle = ({ heldUses, stirredAt }: Rester) => heldUses === 0 && now - stirredAt >= idleAfterMs;
        if (chosen !== undefined) expect(isIdle(chosen)).toBe(true);
        if (relief?.kind === "sleep") expect(named.some((each) => isIdle(each) && !each.isNapping)).toBe(false);
        if (relief?.kind === "sleep") expect(chosen?.openUses).toBe(0);
        for (const each of named) if (isNapDue(each, napAfterMs, now)) expect(each.isNapping).toBe(false);
      }),
    );
  });
});

describe("a look at a sandbox that naps", () => {
  test("wakes it for the look and a moment after, tells nobody, and it naps on", () => {
    const rest: string[] = [];
    const told: (NapCause | null)[] = [];
    const timers: { ms: number; act: () => void }[] = [];
    const nap = new Nap({
      sandbox: { freeze: () => void rest.push("freeze"), thaw: () => void rest.push("thaw") },
      onChange: (cause) => void told.push(cause),
      later: (ms, act) => void timers.push({ ms, act }),
    });
    nap.begin("idle");
    const [first, second] = [nap.look(), nap.look()];
    first();
    second();
    second();
    expect([rest, timers.map(({ ms }) => ms)]).toEqual([
      ["freeze", "thaw"],
      [afterLookMs, afterLookMs],
    ]);
    for (const { act } of timers) act();
    expect(rest).toEqual(["freeze", "thaw", "freeze"]);
    const third = nap.look();
    nap.end();
    third();
    timers.at(-1)?.act();
    expect(rest, "what was used meanwhile stays awake").toEqual(["freeze", "thaw", "freeze", "thaw"]);
    expect(told).toEqual(["idle", null]);
  });

  test("counts neither as use nor as being left alone", async () => {
    const { registry, start, pass } = await openHost();
    const { name, nap } = await start();
    await pass(napAfterMs - 1);
    const { release } = registry.look(name);
    release();
    await pass(1);
    expect(nap()).toBe("idle");
  });
});

test("bytes are noted before they go in and when they come out, and arrive as they were", async () => {
  const noted: string[] = [];
  const stream = watchBytes(new PassThrough(), () => void noted.push("byte"));
  stream.write("one");
  stream.cork();
  stream.write("two");
  stream.write("three");
  stream.uncork();
  stream.end();
  expect(noted.length).toBeGreaterThan(1);
  expect((await stream.toArray()).join("")).toBe("onetwothree");
});

test("a use that is released twice is one use", () => {
  const use = new UseRecord(() => 0);
  const [first, second] = [use.use(), use.use()];
  first.release();
  first.release();
  first.flows();
  expect([use.openUses, use.heldUses]).toEqual([1, 1]);
  second.flows();
  expect([use.openUses, use.heldUses]).toEqual([1, 0]);
});
