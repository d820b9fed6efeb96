import { pino } from "pino";
import { expect, test } from "vitest";
import type { CountedFolder } from "../engines/engine.ts";
import { sandboxName } from "../host.testing.ts";
import { type GuardedSandbox, QuotaGuard } from "./quota-guard.ts";

const mib = 1024 * 1024;
const workspace = (bytes: number): CountedFolder => ({ folder: "workspace", bytes, files: 1 });

/** A guard over sandboxes whose sizes the test sets. */
const guarded = () => {
  const sizes = new Map<string, number>();
  const counts: string[] = [];
  const stopped: (readonly string[])[] = [];
  const clock = { now: 0 };
  let present: readonly GuardedSandbox[] = [];
  const guard = new QuotaGuard({
    limits: { mib: 100, files: 1_000 },
    free: async () => ({ bytes: 1e12, files: 1e9 }),
    sandboxes: () => present,
    count: async (name) => {
      counts.push(name);
      return [workspace((sizes.get(name) ?? 0) * mib)];
    },
    stop: async (name, reason) => {
      stopped.push([name, reason]);
      present = present.filter((one) => one.name !== name);
    },
    now: () => clock.now,
    log: pino({ level: "silent" }),
  });
  const set = (name: GuardedSandbox["name"], generation: number, size: number) => {
    present = [...present.filter((one) => one.name !== name), { name, generation }];
    sizes.set(name, size);
  };
  return { guard, set, sizes, counts, stopped, clock };
};

test("the sandbox that passes its limit is ended with the reason, and the others go on", async () => {
  const { guard, set, sizes, stopped, clock } = guarded();
  const [one, other] = [sandboxName(), sandboxName()];
  set(one, 1, 10);
  set(other, 1, 90);
  expect(await guard.look()).toEqual([]);
  sizes.set(one, 101);
  clock.now += 5_000;
  expect(await guard.look()).toEqual([one]);
  expect(stopped).toEqual([[one, "The workspace is full (100 MB)."]]);
});

test("a sandbox is not counted at every look", async () => {
  const { guard, set, counts } = guarded();
  set(sandboxName(), 1, 10);
  await guard.look();
  await guard.look();
  expect(counts).toHaveLength(1);
});

test("what a sandbox held at its start counts for that start alone", async () => {
  const { guard, set, sizes, clock } = guarded();
  const name = sandboxName();
  set(name, 1, 300);
  expect(await guard.look()).toEqual([]);
  set(name, 2, 50);
  await guard.look();
  sizes.set(name, 300);
  clock.now += 5_000;
  expect(await guard.look()).toEqual([name]);
});
