import { MessageId } from "@threadbox/contracts/ids";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { refuse } from "./stub-host.testing.ts";

const threadId = newThreadId();
const [first, second] = [MessageId.make("a1"), MessageId.make("a2")];

/** A sandbox with one point, of after the first answer. */
const open = async () => {
  const it = makeLifecycleUnderTest();
  const { generation, name } = await it.run((sandbox) => sandbox.ensure(threadId));
  const turn = async (after: MessageId) => {
    await it.run((sandbox) => sandbox.markActivity(generation, "busy"));
    await it.run((sandbox) => sandbox.markActivity(generation, "idle", after));
  };
  const points = () => it.world.host.points.get(name) ?? [];
  await turn(first);
  await expect.poll(points).toHaveLength(1);
  return { ...it, turn, points, started: () => it.world.host.sandboxes.get(name), pointId: points()[0]?.id ?? "" };
};

test("a save says after which answer the files are, also those of later", async () => {
  const it = await open();
  expect(it.points()).toMatchObject([{ cause: "turn", after: first }]);
  await it.turn(second);
  await expect.poll(it.points).toMatchObject([{ cause: "turn", after: second }, {}]);
});

test("a restore is the next start, with the point, and what is saved later is after the answer of that", async () => {
  const it = await open();
  await it.turn(second);
  await expect.poll(it.points).toHaveLength(2);
  await it.run((sandbox) => sandbox.restore(threadId, { pointId: it.pointId, after: first }));
  expect(it.started()).toMatchObject({ generation: 2, request: { restore: { id: it.pointId, after: second } } });
  expect(it.world.record).toMatchObject({ status: "ready", generation: 2, after: first });
  await it.reported();
  expect(it.world.journal.map(({ detail }) => detail).join()).toContain("filesRestored");
  await it.run((sandbox) => sandbox.restart(threadId));
  expect(it.started()?.request).not.toHaveProperty("restore");
});

test("a restore that can't be done is told once, and what ran runs again with its files", async () => {
  const it = await open();
  let asked = 0;
  it.world.host.override = async (request) => {
    const isRestore = request.method === "PUT" && (await request.clone().text()).includes('"restore"');
    if (isRestore) asked += 1;
    return isRestore ? refuse("StoreUnavailable", "The saved files couldn't be brought back.") : null;
  };
  const restore = it.outcome((sandbox) => sandbox.restore(threadId, { pointId: it.pointId, after: null }));
  expect(await restore).toBe("SnapshotUnusableError");
  expect(asked).toBe(1);
  expect(it.world.record).toMatchObject({ status: "ready", generation: 3, after: first });
  expect(it.world.record).not.toHaveProperty("canStartEmpty");
});

test("a sandbox that slept is not started by a restore that fails", async () => {
  const it = await open();
  await it.pass(20 * 60_000);
  expect(it.world.record?.status).toBe("asleep");
  const unknown = { pointId: "9".repeat(64), after: null };
  expect(await it.outcome((sandbox) => sandbox.restore(threadId, unknown))).toBe("SandboxRequestError");
  expect(it.world.record).toMatchObject({ status: "failed", reason: "No room." });
});
