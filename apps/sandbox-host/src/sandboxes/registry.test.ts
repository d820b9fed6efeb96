import { Generation, type SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { type FakeEngine, fakeEngine } from "../engines/engine.testing.ts";
import { sandboxName } from "../host.testing.ts";
import { deafEnds, deafNaps, endsListener } from "./end-notices.testing.ts";
import type { GenerationStore } from "./generation-store.ts";
import { idleAfterMs } from "./place-decision.ts";
import { SandboxRegistry, type SandboxRegistryOptions } from "./registry.ts";
import { patienceMs } from "./waiting-line.ts";

const generation = Schema.decodeSync(Generation);

const request = (number: number): EnsureSandbox => ({
  generation: generation(number),
  openCodePassword: "x".repeat(32),
  environment: {},
});

const memoryStore = (): GenerationStore => {
  const generations = new Map<SandboxName, Generation>();
  return {
    find: async (name) => generations.get(name),
    remember: async (name, number) => {
      generations.set(name, number);
    },
    forget: async (name) => {
      generations.delete(name);
    },
  };
};

const open = (engine: FakeEngine, over: Partial<SandboxRegistryOptions> = {}): SandboxRegistry =>
  new SandboxRegistry({
    engine,
    generations: memoryStore(),
    ends: deafEnds,
    naps: deafNaps,
    runningMax: 8,
    now: () => 0,
    log: pino({ level: "silent" }),
    ...over,
  });

describe("sandboxes of a host", () => {
  test("callers that ask for one generation at the same time share one start", async () => {
    const engine = fakeEngine();
    const registry = open(engine);
    const name = sandboxName();
    const asked = [1, 2, 3].map(() => registry.ensure(name, request(4)));
    await engine.started(1);
    expect(registry.get(name)).toMatchObject({ status: "starting", generation: 4 });
    engine.starts[0]?.becomeReady();
    const answers = await Promise.all(asked);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set(["ready"]));
    expect(engine.starts).toHaveLength(1);
  });

  test("a start that takes its time is answered with its step, and who asks again gets the same start", async () => {
    const engine = { ...fakeEngine(), stepOf: () => "Bringing back your saved files: 40 %." };
    const registry = open(engine, { answerMsMax: 1 });
    const name = sandboxName();
    const step = { status: "starting", reason: "Bringing back your saved files: 40 %." };
    expect(await registry.ensure(name, request(1))).toMatchObject(step);
    expect(registry.get(name)).toMatchObject(step);
    engine.starts[0]?.becomeReady();
    await expect.poll(() => registry.ensure(name, request(1))).toMatchObject({ status: "ready" });
    expect(engine.starts).toHaveLength(1);
  });

  test("a higher generation starts after the lower one has ended", async () => {
    const engine = fakeEngine({ isInstant: true });
    const registry = open(engine);
    const name = sandboxName();
    await registry.ensure(name, request(1));
    const { sandbox: old } = registry.use(name, 1);
    await registry.ensure(name, request(2));
    expect(engine.starts[0]?.hasEnded()).toBe(true);
    expect(await old.ended).toEqual({ status: "stopped", reason: "A newer start replaced it." });
    expect(() => registry.use(name, 1)).toThrow(expect.objectContaining({ tag: "SandboxInterrupted" }));
    expect(registry.use(name, 2).sandbox).not.toBe(old);
  });

  test("a higher generation interrupts a start that is still under way", async () => {
    const engine = fakeEngine();
    const registry = open(engine);
    const name = sandboxName();
    const first = registry.ensure(name, request(1));
    await engine.started(1);
    const second = registry.ensure(name, request(2));
    await expect(first).rejects.toMatchObject({ tag: "SandboxInterrupted" });
    await engine.started(2);
    engine.starts[1]?.becomeReady();
    expect(await second).toMatchObject({ generation: 2, status: "ready" });
  });

  test("a lower generation is refused, also by a host that only remembers it", async () => {
    const store = memoryStore();
    const name = sandboxName();
    const registry = open(fakeEngine({ isInstant: true }), { generations: store });
    await registry.ensure(name, request(5));
    await expect(registry.ensure(name, request(4))).rejects.toMatchObject({ tag: "Conflict" });
    const next = open(fakeEngine({ isInstant: true }), { generations: store });
    await expect(next.ensure(name, request(4))).rejects.toMatchObject({ tag: "Conflict" });
    expect(await next.ensure(name, request(5))).toMatchObject({ status: "ready" });
  });

  test("a start that fails says why, and is not tried again for the same generation", async () => {
    const engine = fakeEngine();
    const registry = open(engine);
    const name = sandboxName();
    const asked = registry.ensure(name, request(1));
    await engine.started(1);
    engine.starts[0]?.fail("No room.");
    await expect(asked).rejects.toMatchObject({ tag: "SandboxUnavailable", message: "No room." });
    await expect(registry.ensure(name, request(1))).rejects.toMatchObject({ message: "No room." });
    expect(engine.starts).toHaveLength(1);
    expect(registry.get(name)).toMatchObject({ status: "failed", reason: "No room." });
  });

  test("a sandbox that is ended for a fault while it starts fails with that reason", async () => {
    const engine = fakeEngine();
    const registry = open(engine);
    const name = sandboxName();
    const asked = registry.ensure(name, request(1));
    await engine.started(1);
    await registry.fail(name, "The workspace is full.");
    await expect(asked).rejects.toMatchObject({ tag: "SandboxUnavailable", message: "The workspace is full." });
    expect(engine.starts[0]?.hasEnded()).toBe(true);
    expect(registry.get(name)).toMatchObject({ status: "failed", reason: "The workspace is full." });
  });

  test("a sandbox that crashed is failed for everyone who asks", async () => {
    const engine = fakeEngine({ isInstant: true });
    const registry = open(engine);
    const name = sandboxName();
    await registry.ensure(name, request(1));
    const { ended } = registry.use(name).sandbox;
    engine.starts[0]?.crash("It fell over.");
    await ended;
    expect(registry.get(name)).toMatchObject({ status: "failed", reason: "It fell over." });
    expect(() => registry.use(name)).toThrow("It fell over.");
    expect(await registry.ensure(name, request(1))).toMatchObject({ status: "failed" });
    expect(await registry.ensure(name, request(2))).toMatchObject({ status: "ready" });
  });

  test("removal ends the sandbox, and its files go unless they are to be kept", async () => {
    const engine = fakeEngine({ isInstant: true });
    const registry = open(engine);
    const [kept, gone] = [sandboxName(), sandboxName()];
    await Promise.all([kept, gone].map((name) => registry.ensure(name, request(1))));
    await registry.destroy(kept, { keepsWorkspace: true });
    await registry.destroy(gone, { keepsWorkspace: false });
    expect(engine.starts.every((start) => start.hasEnded())).toBe(true);
    expect(engine.removed).toEqual([gone]);
    expect(registry.list()).toEqual([]);
  });

  test("removal interrupts a start", async () => {
    const engine = fakeEngine();
    const registry = open(engine);
    const name = sandboxName();
    const asked = registry.ensure(name, request(1));
    await engine.started(1);
    const removed = registry.destroy(name, { keepsWorkspace: false });
    await expect(asked).rejects.toMatchObject({ tag: "SandboxInterrupted" });
    await removed;
    expect(() => registry.get(name)).toThrow(expect.objectContaining({ tag: "NotFound" }));
  });

  test("a closed host has ended every sandbox and starts none", async () => {
    const engine = fakeEngine({ isInstant: true });
    const registry = open(engine);
    await Promise.all([1, 2].map(() => registry.ensure(sandboxName(), request(1))));
    await registry.close();
    expect(engine.starts.map((start) => start.hasEnded())).toEqual([true, true]);
    await expect(registry.ensure(sandboxName(), request(1))).rejects.toMatchObject({ tag: "SandboxUnavailable" });
    expect(engine.starts).toHaveLength(2);
  });
});

describe("the places of a machine", () => {
  /** Two places and a clock in the test's hands. */
  const openTwo = () => {
    const clock = { now: 0 };
    const engine = fakeEngine({ isInstant: true });
    const registry = open(engine, { runningMax: 2, now: () => clock.now });
    const ensure = (name: SandboxName, number = 1) => registry.ensure(name, request(number));
    const statusOf = (name: SandboxName) => registry.get(name).status;
    return { clock, engine, registry, ensure, statusOf };
  };
  const noPlace = { tag: "SandboxStarting", message: "Waiting for a free sandbox: next in line." };

  test("the least recently used idle sandbox sleeps for a new one, and its next generation comes back", async () => {
    const { clock, engine, registry, ensure, statusOf } = openTwo();
    const [first, second, third] = [sandboxName(), sandboxName(), sandboxName()];
    await ensure(first);
    await ensure(second);
    clock.now = 5_000;
    registry.use(first).release();
    clock.now += idleAfterMs;
    await ensure(third);
    expect([first, second, third].map(statusOf)).toEqual(["ready", "stopped", "ready"]);
    expect(engine.starts.map((start) => start.hasEnded())).toEqual([false, true, false]);
    expect(engine.removed).toEqual([]);
    expect(() => registry.use(second)).toThrow(
      expect.objectContaining({ tag: "SandboxInterrupted", message: expect.stringContaining("Asleep") }),
    );
    expect(await ensure(second, 1), "the same generation is not started again").toMatchObject({ status: "stopped" });
    clock.now += idleAfterMs;
    expect(await ensure(second, 2)).toMatchObject({ status: "ready", generation: 2 });
    expect(statusOf(first)).toBe("stopped");
  });

  test("while all are in use a new one is told to wait, and the same request succeeds later", async () => {
    const { clock, engine, registry, ensure } = openTwo();
    const [first, second, third] = [sandboxName(), sandboxName(), sandboxName()];
    await ensure(first);
    await ensure(second);
    const uses = [first, second].map((name) => registry.use(name));
    clock.now = 100 * idleAfterMs;
    await expect(ensure(third)).rejects.toMatchObject({ ...noPlace, retryAfterSeconds: expect.any(Number) });
    expect(() => registry.get(third)).toThrow(expect.objectContaining({ tag: "NotFound" }));
    for (const { release } of uses) release();
    await expect(ensure(third), "what was used a moment ago is not idle").rejects.toMatchObject(noPlace);
    clock.now += idleAfterMs;
    expect(await ensure(third)).toMatchObject({ status: "ready", generation: 1 });
    expect(engine.starts).toHaveLength(3);
  });

  test("a sandbox that starts has a place, and cannot be put to sleep", async () => {
    const engine = fakeEngine();
    const clock = { now: 0 };
    const registry = open(engine, { runningMax: 1, now: () => clock.now });
    const started = registry.ensure(sandboxName(), request(1));
    await engine.started(1);
    clock.now = 100 * idleAfterMs;
    const waiting = { tag: "SandboxStarting", message: "Waiting for a free sandbox: next in line." };
    const next = sandboxName();
    await expect(registry.ensure(next, request(1))).rejects.toMatchObject(waiting);
    engine.starts[0]?.becomeReady();
    await started;
    await expect(registry.ensure(next, request(1)), "it was started to be used").rejects.toMatchObject(waiting);
  });

  test("a next generation needs no second place, and a crash or a removal frees one", async () => {
    const { engine, registry, ensure } = openTwo();
    const [first, second, third, fourth] = [sandboxName(), sandboxName(), sandboxName(), sandboxName()];
    await ensure(first);
    await ensure(second);
    expect(await ensure(first, 2)).toMatchObject({ status: "ready", generation: 2 });
    await registry.destroy(second, { keepsWorkspace: true });
    expect(await ensure(third)).toMatchObject({ status: "ready" });
    const { ended } = registry.use(third).sandbox;
    engine.starts.at(-1)?.crash("It fell over.");
    await ended;
    expect(await ensure(fourth)).toMatchObject({ status: "ready" });
  });

  test("whoever waits longest comes first, and whoever stops asking loses its position", async () => {
    const { clock, registry, ensure } = openTwo();
    const [first, second, third, fourth, fifth] = Array.from({ length: 5 }, () => sandboxName());
    if (!first || !second || !third || !fourth || !fifth) throw new Error("unreachable");
    await ensure(first);
    await ensure(second);
    const uses = [first, second].map((name) => registry.use(name));
    for (const [name, message] of [
      [third, "Waiting for a free sandbox: next in line."],
      [fourth, "Waiting for a free sandbox: 2nd in line."],
      [fifth, "Waiting for a free sandbox: 3rd in line."],
    ] as const) {
      await expect(ensure(name)).rejects.toMatchObject({ message });
    }
    for (const { release } of uses) release();
    await registry.destroy(first, { keepsWorkspace: true });
    await expect(ensure(fourth)).rejects.toMatchObject({ message: expect.stringContaining("2nd in line") });
    clock.now += patienceMs;
    await expect(ensure(fourth)).rejects.toMatchObject({ message: expect.stringContaining("2nd in line") });
    clock.now += 1;
    expect(await ensure(fourth)).toMatchObject({ status: "ready" });
  });

  test("starts at the same moment never take more places than there are", async () => {
    const { engine, ensure } = openTwo();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => ensure(sandboxName())));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(engine.starts).toHaveLength(2);
  });
});

describe("the worker is told", () => {
  const owned = (number: number): EnsureSandbox => ({ ...request(number), owner: "owner1" });
  const openHeard = (engine = fakeEngine({ isInstant: true })) => {
    const { notices, heard, told } = endsListener();
    return { engine, registry: open(engine, { ends: notices }), heard, told };
  };

  test.each<[string, (engine: FakeEngine, registry: SandboxRegistry, name: SandboxName) => unknown, object]>([
    ["of a crash", (engine) => engine.starts[0]?.crash("It fell over."), { status: "failed", reason: "It fell over." }],
    [
      "of a full disk",
      (_, registry, name) => registry.fail(name, "It is full."),
      { status: "failed", reason: "It is full." },
    ],
    [
      "of the host's own stop",
      (_, registry) => registry.close(),
      { status: "stopped", reason: "The sandbox host was stopped." },
    ],
  ])("%s, once", async (_, endIt, expected) => {
    const { engine, registry, heard, told } = openHeard();
    const name = sandboxName();
    await registry.ensure(name, owned(1));
    await endIt(engine, registry, name);
    expect(await heard(1)).toMatchObject([{ name, generation: 1, owner: "owner1", ...expected }]);
    expect(told).toHaveLength(1);
  });

  test("of a start that failed", async () => {
    const { engine, registry, heard } = openHeard(fakeEngine());
    const name = sandboxName();
    const asked = registry.ensure(name, owned(1));
    await engine.started(1);
    engine.starts[0]?.fail("No room.");
    await expect(asked).rejects.toMatchObject({ message: "No room." });
    expect(await heard(1)).toMatchObject([{ name, status: "failed", reason: "No room." }]);
  });

  test("of a sandbox that sleeps for another, and of none that was removed or replaced", async () => {
    const { notices, heard, told } = endsListener();
    const clock = { now: 0 };
    const registry = open(fakeEngine({ isInstant: true }), { ends: notices, runningMax: 1, now: () => clock.now });
    const [removed, first, second] = [sandboxName(), sandboxName(), sandboxName()];
    await registry.ensure(removed, owned(1));
    await registry.destroy(removed, { keepsWorkspace: true });
    await registry.ensure(first, owned(1));
    await registry.ensure(first, owned(2));
    clock.now += idleAfterMs;
    await registry.ensure(second, owned(1));
    await heard(1);
    const reason = expect.stringContaining("Asleep");
    expect(told).toMatchObject([{ name: first, generation: 2, status: "stopped", reason }]);
  });
});
