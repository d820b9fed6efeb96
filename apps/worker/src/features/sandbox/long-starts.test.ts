import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { refuse } from "./stub-host.testing.ts";

const threadId = newThreadId();

/** A host whose start is at one step after the other. */
const openSlow = () => {
  const it = makeLifecycleUnderTest();
  const state = { status: "starting", reason: "Bringing back your saved files: 1 %." };
  it.world.host.override = ({ method, url }) => {
    const name = new URL(url).pathname.split("/").at(-1);
    if (method === "PUT" || method === "GET") return Response.json({ name, generation: 1, ...state });
    return null;
  };
  const started = it.outcome((sandbox) => sandbox.ensure(threadId));
  /** The sentence on the page, while time passes in which the host is asked again. */
  const told = (ms = 250) =>
    expect.poll(async () => {
      await it.pass(ms);
      return it.world.record?.reason;
    });
  return { it, state, started, told };
};

test("a start may take any time as long as it comes on, and the page is told of its steps", async () => {
  const { it, state, started, told } = openSlow();
  for (const percent of [1, 40, 80]) {
    state.reason = `Bringing back your saved files: ${percent} %.`;
    await told().toBe(state.reason);
    await it.pass(70_000);
  }
  await it.reported();
  expect(it.world.reports.at(-1)).toMatchObject({
    status: "starting",
    reason: "Bringing back your saved files: 80 %.",
  });
  state.status = "ready";
  await told().toBe("The sandbox is ready.");
  expect(await started).toBe("success");
});

test("a start that comes to nothing new for a minute and a half has failed", async () => {
  const { it, started, told } = openSlow();
  await told().toBe("Bringing back your saved files: 1 %.");
  await told(10_000).toBe("The sandbox didn't start in time.");
  expect(await started).toBe("SandboxUnavailableError");
  expect(it.world.record).toMatchObject({ status: "failed" });
});

test("where the saved files can't be brought back the page may offer to forgo them, and only a start that was asked to does", async () => {
  const it = makeLifecycleUnderTest();
  const sentence = "The saved files couldn't be brought back.";
  it.world.host.override = ({ method }) => (method === "PUT" ? refuse("StoreUnavailable", sentence) : null);
  expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SnapshotUnusableError");
  expect(await it.run((sandbox) => sandbox.find)).toMatchObject({
    status: "failed",
    reason: sentence,
    canStartEmpty: true,
  });
  it.world.host.override = null;
  const requested = () => [...it.world.host.sandboxes.values()].map(({ request }) => request.startsEmpty ?? false);
  expect(await it.run((sandbox) => sandbox.restart(threadId))).not.toHaveProperty("canStartEmpty");
  expect(requested()).toEqual([false]);
  await it.run((sandbox) => sandbox.restart(threadId, true));
  expect(requested()).toEqual([true]);
});
