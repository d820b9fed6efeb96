import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { Fault } from "../faults.ts";
import type { MutationAnswer, MutationCall } from "../functions/mutation-runner.ts";
import { Registry } from "../functions/registry.ts";
import { type Fixture, startFixture, watch } from "../server.testing.ts";
import { ensureSystemTable } from "../storage/migration.ts";
import { TestStore } from "../storage/store.testing.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { jobIndexes, jobsIn, jobsTable, scheduleJob } from "./jobs.ts";
import { Scheduler } from "./scheduler.ts";

describe("scheduled functions", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  test("a mutation runs after its mutation has committed, once", async () => {
    const client = fixture.client();
    const counter = watch(client, api.counters.get, { name: "scheduled" });
    const id = await client.mutation(api.jobs.addLater, { name: "scheduled", delayMs: 0 });
    expect(await counter.until((value) => value > 0)).toBe(1);
    const state = watch(client, api.jobs.state, { id });
    expect(await state.until((value) => value?.kind === "success")).toEqual({ kind: "success" });
    expect(counter.values).toEqual([0, 1]);
  });

  test("what a failed mutation scheduled does not run", async () => {
    await expect(fixture.http().mutation(api.jobs.scheduleThenFail, { name: "undone" })).rejects.toThrow();
    const id = await fixture.http().mutation(api.jobs.addLater, { name: "barrier", delayMs: 0 });
    await watch(fixture.client(), api.jobs.state, { id }).until((value) => value?.kind === "success");
    expect(await fixture.http().query(api.counters.get, { name: "undone" })).toBe(0);
  });

  test("a mutation that fails is told as failed and leaves nothing behind", async () => {
    const id = await fixture.http().mutation(api.jobs.failLater, { name: "failing" });
    const state = await watch(fixture.client(), api.jobs.state, { id }).until((value) => value?.kind === "failed");
    expect(state).toMatchObject({ error: expect.stringContaining("undone") });
    expect(await fixture.http().query(api.counters.get, { name: "failing" })).toBe(0);
  });

  test("an action can schedule", async () => {
    await fixture.http().action(api.jobs.actLater, { name: "from action" });
    const counter = watch(fixture.client(), api.counters.get, { name: "from action" });
    expect(await counter.until((value) => value > 0)).toBe(1);
  });

  test("a function that is cancelled in time does not run", async () => {
    const http = fixture.http();
    const id = await http.mutation(api.jobs.addLater, { name: "cancelled", delayMs: 3_600_000 });
    expect(await http.query(api.jobs.state, { id })).toEqual({ kind: "pending" });
    await http.mutation(api.jobs.cancel, { id });
    expect(await http.query(api.jobs.state, { id })).toEqual({ kind: "canceled" });
  });

  test("a function that cancels itself is told as cancelled, and what it has written stays", async () => {
    const id = await fixture.http().mutation(api.jobs.scheduleSelfCancelling, { name: "self" });
    const state = watch(fixture.client(), api.jobs.state, { id });
    expect(await state.until((value) => value?.kind !== "pending")).toEqual({ kind: "canceled" });
    expect(await fixture.http().query(api.counters.get, { name: "self" })).toBe(1);
  });

  test("a pending mutation survives a restart and runs when its time has come", async () => {
    const clock = { now: Date.now() };
    const timed = await startFixture({ now: () => clock.now });
    const id = await timed.http().mutation(api.jobs.addLater, { name: "later", delayMs: 60_000 });
    await timed.restart();
    expect(await timed.http().query(api.jobs.state, { id })).toEqual({ kind: "pending" });
    // The function's own clock goes on while this one stands, so the jump is generous.
    clock.now += 3_600_000;
    await timed.restart();
    const counter = watch(timed.client(), api.counters.get, { name: "later" });
    expect(await counter.until((value) => value > 0)).toBe(1);
    await timed.close();
  });

  test("an action that runs when the server stops is not run again", async () => {
    const stopped = await startFixture();
    const id = await stopped.http().mutation(api.jobs.hangLater, {});
    await watch(stopped.client(), api.jobs.state, { id }).until((value) => value?.kind === "inProgress");
    await stopped.restart();
    expect(await stopped.http().query(api.jobs.state, { id })).toMatchObject({ kind: "failed" });
    await stopped.close();
  });

  test("actions that never end hold up no mutation, however many wait behind them", async () => {
    const busy = await startFixture();
    const http = busy.http();
    for (let count = 0; count < 200; count += 1) await http.mutation(api.jobs.hangLater, {});
    const id = await http.mutation(api.jobs.addLater, { name: "behind", delayMs: 0 });
    expect(await watch(busy.client(), api.jobs.state, { id }).until((value) => value?.kind !== "pending")).toEqual({
      kind: "success",
    });
    await busy.close();
  });

  test("creation times go on where the clock is set back over a restart", async () => {
    let offset = 0;
    const moved = await startFixture({ now: () => Date.now() + offset });
    const before = await moved.http().mutation(api.jobs.addLater, { name: "back", delayMs: 0 });
    offset = -3_600_000;
    await moved.restart();
    const after = await moved.http().mutation(api.jobs.addLater, { name: "back", delayMs: 0 });
    const times = await moved.http().query(api.jobs.creationTimes, { ids: [before, after] });
    expect(times[1]).toBeGreaterThan(times[0] ?? Number.POSITIVE_INFINITY);
    await moved.close();
  });
});

test("a mutation that loses its thread more often than a call is repeated runs later, once, and is not called failed", async () => {
  const stored = new TestStore();
  const analyzed = { kind: "mutation" as const, isPublic: false, args: { type: "any" as const }, returns: null };
  const registry = new Registry([{ ...analyzed, path: "m:f" }]);
  const transact = async <Result>(step: (transaction: Transaction) => Result): Promise<Result> => stored.write(step);
  const lost = new Fault("WorkerLost", "lost");
  let runs = 0;
  const ended = new Promise<void>((resolve) => {
    const runMutation = async ({ onStart, onSuccess }: MutationCall): Promise<MutationAnswer> => {
      runs += 1;
      const answer = { timestamp: 0n, logLines: [] };
      if (runs === 1) return { ...answer, isSuccess: false, failure: { message: "lost" }, fault: lost };
      stored.write((transaction) => {
        if (onStart?.(transaction)) onSuccess?.(transaction);
      });
      resolve();
      return { ...answer, isSuccess: true, value: "null" };
    };
    const runAction = async (): Promise<never> => {
      throw new Error("There are no actions here.");
    };
    const runner = { transact, runMutation, runAction };
    const log = pino({ level: "silent" });
    const scheduler = new Scheduler({
      store: stored.store,
      runner,
      deployment: () => ({ registry }),
      log,
      now: Date.now,
    });
    stored.write((transaction) => {
      ensureSystemTable(stored.store, jobsTable, jobIndexes);
      scheduleJob(transaction, "m:f", {}, Date.now(), Date.now());
    });
    void scheduler.start();
    onTestFinished(() => {
      scheduler.stop();
      stored.close();
    });
  });
  await ended;
  expect(runs).toBe(2);
  expect(jobsIn(stored.store, "success", 10)).toHaveLength(1);
  expect(jobsIn(stored.store, "pending", 10)).toEqual([]);
  expect(jobsIn(stored.store, "failed", 10)).toEqual([]);
});
