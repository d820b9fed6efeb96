import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { copyFixture, type Fixture, startFixture, watch } from "../server.testing.ts";
import { ensureSystemTable } from "../storage/migration.ts";
import { TestStore } from "../storage/store.testing.ts";
import { alignCrons, cronIndexes, cronsTable, dueCrons, runCron } from "./cron-jobs.ts";
import type { CronJob } from "./cron-schedule.ts";
import { jobIndexes, jobsIn, jobsTable, moveJob } from "./jobs.ts";

const minute = 60_000;
const everyMinute: CronJob = { name: "tick", path: "m:f", args: { a: 1 }, schedule: { type: "interval", minutes: 1 } };

describe("what is kept of cron jobs", () => {
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
    stored.write(() => {
      ensureSystemTable(stored.store, jobsTable, jobIndexes);
      ensureSystemTable(stored.store, cronsTable, cronIndexes);
    });
  });
  afterEach(() => stored.close());

  const align = (declared: readonly CronJob[], now: number) =>
    stored.write((transaction) => alignCrons(transaction, declared, now));
  const runDue = (now: number) => {
    for (const id of dueCrons(stored.store, now).due) stored.write((transaction) => runCron(transaction, id, now));
  };
  const endAll = () => {
    for (const { id } of jobsIn(stored.store, "pending", 100))
      stored.write((transaction) => moveJob(transaction, id, ["pending"], { kind: "success" }));
  };
  const scheduled = () => jobsIn(stored.store, "pending", 100).map(({ scheduledTime }) => scheduledTime);

  test("each run is scheduled once, also over a restart and a clock that is set back", () => {
    align([everyMinute], 0);
    runDue(0);
    runDue(0);
    stored.reopen();
    align([everyMinute], 10);
    runDue(10);
    runDue(-minute);
    expect(scheduled()).toEqual([0]);
    endAll();
    runDue(minute);
    expect(scheduled()).toEqual([minute]);
  });

  test("while a run is under way no other begins, and none is made up for", () => {
    align([everyMinute], 0);
    runDue(0);
    runDue(minute);
    runDue(2 * minute);
    expect(scheduled()).toEqual([0]);
    endAll();
    expect(dueCrons(stored.store, 2 * minute)).toMatchObject({ due: [], next: 3 * minute });
  });

  test("a job that has not changed keeps its time, a changed one begins anew, one that is gone runs no more", () => {
    align([everyMinute], 0);
    runDue(0);
    endAll();
    align([everyMinute], 5_000);
    expect(dueCrons(stored.store, 5_000).next).toBe(minute);
    align([{ ...everyMinute, args: { a: 2 } }], 6_000);
    runDue(6_000);
    expect(jobsIn(stored.store, "pending", 100)).toMatchObject([{ path: "m:f", args: { a: 2 } }]);
    align([], 7_000);
    expect(dueCrons(stored.store, 10 * minute)).toEqual({ due: [], next: Number.POSITIVE_INFINITY });
  });
});

describe("convex/crons.ts", () => {
  const start = async (body: string): Promise<Fixture> => {
    const { folder, remove } = copyFixture();
    onTestFinished(remove);
    const source = `import { cronJobs } from "convex/server";
      import { api, internal } from "./_generated/api";
      const crons = cronJobs();
      ${body}
      export default crons;`;
    writeFileSync(join(folder, "crons.ts"), source);
    const fixture = await startFixture({ functionsFolder: folder });
    onTestFinished(() => fixture.close());
    return fixture;
  };

  test("runs its functions with their arguments, again and again", async () => {
    const fixture = await start(
      'crons.interval("count", { seconds: 1 }, internal.counters.addQuietly, { name: "cron", amount: 2 });',
    );
    const counter = watch(fixture.client(), api.counters.get, { name: "cron" });
    await counter.until((value) => value >= 4);
    expect(counter.values.every((value) => value % 2 === 0)).toBe(true);
  });

  test.each([
    ['crons.cron("bad", "every day", internal.counters.addQuietly, { name: "x", amount: 1 });', /"bad"/],
    ['crons.daily("bad", { hourUTC: 1, minuteUTC: 0 }, api.counters.get, { name: "x" });', /runs a query/],
  ])("that cannot work is refused with the code: %s", async (body, message) => {
    await expect(start(body)).rejects.toThrow(message);
  });
});
