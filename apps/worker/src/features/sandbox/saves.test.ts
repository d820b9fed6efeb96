import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { refuse } from "./stub-host.testing.ts";

const threadId = newThreadId();
const minute = 60_000;

const open = async () => {
  const it = makeLifecycleUnderTest();
  await it.pass(1_000);
  const { generation, name } = await it.run((sandbox) => sandbox.ensure(threadId));
  return {
    ...it,
    saves: () => it.world.host.requests.filter(({ url }) => url.endsWith(`/${name}/snapshots`)).length,
    mark: (activity: "busy" | "idle") => it.run((sandbox) => sandbox.markActivity(generation, activity)),
    turn: async () => {
      await it.run((sandbox) => sandbox.markActivity(generation, "busy"));
      await it.run((sandbox) => sandbox.markActivity(generation, "idle"));
    },
    /** The newest that Convex was told of the saves. */
    told: async () => {
      await it.reported();
      return it.world.reports.at(-1)?.saves;
    },
    entries: async () => {
      await it.reported();
      return it.world.journal.filter(({ kind }) => kind === "snapshot");
    },
    failSaves: (reason: string | null) => {
      it.world.host.override = ({ url }) =>
        reason !== null && url.endsWith("/snapshots") ? refuse("QuotaExceeded", reason) : null;
    },
  };
};

test("what a turn left on the disks is saved when it is over, once, and the page and the journal are told", async () => {
  const it = await open();
  await it.mark("busy");
  expect(it.saves()).toBe(0);
  await it.mark("idle");
  await expect.poll(it.told).toMatchObject({ savedAt: 1_000 });
  expect(await it.told()).not.toHaveProperty("savingSince");
  expect(it.saves()).toBe(1);
  expect(await it.entries()).toMatchObject([
    { at: 1_000, subject: "", detail: JSON.stringify({ occasion: "turn", end: "saved", bytes: 2_000 }) },
  ]);
});

test("a save that fails disturbs nothing, says why, and is tried again, less and less often, as one entry", async () => {
  const it = await open();
  it.failSaves("The machine's disk is nearly full.");
  await it.turn();
  await expect.poll(it.told).toMatchObject({ problem: "The machine's disk is nearly full." });
  expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "ready" });
  await it.pass(4_000);
  expect(it.saves()).toBe(1);
  await it.pass(1_000);
  await expect.poll(() => it.world.record?.saves?.failures?.count).toBe(2);
  await it.pass(9_000);
  expect(it.saves()).toBe(2);
  expect(new Set((await it.entries()).map(({ entryId }) => entryId)).size).toBe(1);
  expect((await it.entries()).at(-1)).toMatchObject({ count: 2, subject: "The machine's disk is nearly full." });
  it.failSaves(null);
  await it.pass(1_000);
  await expect.poll(it.told).toMatchObject({ savedAt: 16_000 });
  expect(await it.told()).not.toHaveProperty("problem");
});

test("what was not all saved is saved with a warning that is told", async () => {
  const it = await open();
  it.world.host.savedWith = { warning: "Some files went away." };
  await it.turn();
  await expect.poll(it.told).toMatchObject({ savedAt: 1_000, warning: "Some files went away." });
  expect((await it.entries()).at(-1)).toMatchObject({ subject: "Some files went away." });
});

test("there is one save at a time, and what ended while it ran is saved by one more", async () => {
  const it = await open();
  let underWay = 0;
  let most = 0;
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  it.world.host.override = async ({ url }) => {
    if (!url.endsWith("/snapshots")) return null;
    most = Math.max(most, ++underWay);
    await held;
    underWay -= 1;
    return null;
  };
  await it.turn();
  await expect.poll(it.saves).toBe(1);
  await expect.poll(it.told).toMatchObject({ savingSince: 1_000 });
  for (let turns = 0; turns < 3; turns += 1) await it.turn();
  release();
  await expect.poll(it.saves).toBe(2);
  await expect.poll(async () => (await it.told())?.savingSince).toBeUndefined();
  expect([it.saves(), most]).toEqual([2, 1]);
});

test("a turn that goes on for long is saved meanwhile, and a sandbox that nobody uses is not saved again", async () => {
  const it = await open();
  for (let minutes = 0; minutes < 12; minutes += 1) {
    await it.mark("busy");
    await it.pass(minute);
    await expect.poll(async () => (await it.told())?.savingSince).toBeUndefined();
  }
  expect(it.saves()).toBe(2);
  await it.mark("idle");
  await expect.poll(it.saves).toBe(3);
  await it.pass(14 * minute);
  expect(it.saves()).toBe(3);
});

test("a sandbox that fell asleep is saved as it was left, whoever put it to sleep", async () => {
  const it = await open();
  await it.turn();
  await expect.poll(it.saves).toBe(1);
  await it.pass(15 * minute);
  await expect.poll(it.saves).toBe(2);
  await expect.poll(async () => JSON.parse((await it.entries()).at(-1)?.detail ?? "{}").occasion).toBe("end");
  await it.run((sandbox) => sandbox.ensure(threadId));
  it.world.host.putToSleep();
  await it.pass(minute);
  await expect.poll(it.saves).toBe(3);
});

test("a save that was cut short with its thread's object is made again, asleep or not", async () => {
  const it = await open();
  await it.turn();
  await expect.poll(it.saves).toBe(1);
  await expect.poll(async () => (await it.told())?.savingSince).toBeUndefined();
  const { record } = it.world;
  if (record?.saves === undefined) throw new Error("nothing was saved");
  it.world.record = {
    ...record,
    status: "asleep",
    since: 10_000,
    saves: { ...record.saves, attempt: { at: 10_000, occasion: "end" } },
  };
  await it.pass(9_000);
  await it.run((sandbox) => sandbox.upkeep);
  await expect.poll(it.saves).toBe(2);
});

test("what was deleted, and what has no files, is not saved", async () => {
  const it = await open();
  it.world.access = false;
  await it.pass(20 * minute);
  expect(it.world.record?.status).toBe("destroyed");
  expect(it.saves()).toBe(0);

  const other = await open();
  other.world.host.workspaces.clear();
  await other.turn();
  await expect.poll(other.saves).toBe(1);
  await expect.poll(async () => (await other.told())?.savingSince).toBeUndefined();
  expect(await other.told()).not.toHaveProperty("savedAt");
  expect(await other.entries()).toEqual([]);
});

test("a sandbox whose files are gone is not told to have been saved since", async () => {
  const it = await open();
  await it.turn();
  await expect.poll(it.told).toMatchObject({ savedAt: 1_000 });
  it.world.host.workspaces.clear();
  await it.pass(1_000);
  await it.turn();
  await expect.poll(it.saves).toBe(2);
  await expect.poll(async () => (await it.told())?.savingSince).toBeUndefined();
  expect(await it.told()).toMatchObject({ savedAt: 1_000 });
});

test("a disk that is found full is told of, and no more once a save has found room", async () => {
  const it = await open();
  it.world.host.savedWith = { isDiskFull: true };
  await it.turn();
  await expect.poll(it.told).toMatchObject({ isDiskFull: true, savedAt: expect.any(Number) });
  it.world.host.savedWith = {};
  await it.pass(1_000);
  await it.turn();
  await expect.poll(it.told).not.toHaveProperty("isDiskFull");
});
