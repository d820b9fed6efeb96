import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";

const threadId = newThreadId();

const world = () => {
  const it = makeLifecycleUnderTest();
  const starts = () =>
    [...it.world.host.sandboxes.values()].map(({ generation, request }) => [
      generation,
      request.trustsWorkspace === true,
    ]);
  return { ...it, starts };
};

describe("a workspace that the user trusts", () => {
  test("is trusted by the start that follows at once, and by every other one until it isn't any more", async () => {
    const it = world();
    await it.run((sandbox) => sandbox.ensure(threadId));
    expect(it.starts()).toEqual([[1, false]]);
    await it.run((sandbox) => sandbox.setTrusted(threadId, true));
    expect(it.starts()).toEqual([[2, true]]);
    await it.run((sandbox) => sandbox.restart(threadId));
    expect(it.starts()).toEqual([[3, true]]);
    await it.run((sandbox) => sandbox.setTrusted(threadId, false));
    expect(it.starts()).toEqual([[4, false]]);
  });

  test("is started anew only where something changes", async () => {
    const it = world();
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.setTrusted(threadId, false));
    expect(it.starts()).toEqual([[1, false]]);
  });

  test("is not trusted any more once it starts empty", async () => {
    const it = world();
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.setTrusted(threadId, true));
    await it.run((sandbox) => sandbox.restart(threadId, true));
    expect(it.starts()).toEqual([[3, false]]);
    expect(await it.run((sandbox) => sandbox.isTrusted)).toBe(false);
  });

  test("starts nothing by being trusted while it sleeps", async () => {
    const it = world();
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.pass(15 * 60_000);
    await it.run((sandbox) => sandbox.setTrusted(threadId, true));
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "asleep", generation: 1 });
    await it.run((sandbox) => sandbox.ensure(threadId));
    expect(it.starts()).toEqual([[2, true]]);
  });

  test("is nobody's who has lost the thread", async () => {
    const it = world();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.access = false;
    await it.pass(60_000);
    await expect(it.run((sandbox) => sandbox.setTrusted(threadId, true))).rejects.toThrow();
    expect(await it.run((sandbox) => sandbox.isTrusted)).toBe(false);
  });
});
