import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { placeWaitMsMax } from "./start.ts";
import { refuse } from "./stub-host.testing.ts";
import { threadLookMs } from "./upkeep.ts";

const threadId = newThreadId();
const minute = 60_000;

describe("a machine whose places are all in use", () => {
  const sentence = "Waiting for a free sandbox: next in line.";
  /** A host without a place until it gets one; counts how often it is asked. */
  const openFull = (retryAfter = "2") => {
    const it = makeLifecycleUnderTest();
    const asked = { times: 0 };
    it.world.host.override = (request) => {
      if (request.method !== "PUT") return null;
      asked.times += 1;
      return refuse("SandboxStarting", sentence, { "retry-after": retryAfter });
    };
    return { it, asked };
  };

  test("makes a start wait and say why; a place that becomes free is taken with the same generation", async () => {
    const { it, asked } = openFull();
    const started = it.run((sandbox) => sandbox.ensure(threadId));
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    await it.reported();
    expect(it.world.reports.at(-1)).toMatchObject({ status: "starting", reason: sentence });
    await it.pass(1_900);
    expect(asked.times, "not before the host wants to be asked again").toBe(1);
    await it.pass(200);
    await expect.poll(() => asked.times).toBe(2);
    it.world.host.override = null;
    await it.pass(2_000);
    expect(await started).toMatchObject({ generation: 1 });
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "ready", reason: "The sandbox is ready." });
    expect(it.world.reports.filter(({ reason }) => reason === sentence)).toHaveLength(1);
  });

  test("is asked no more once nobody waits: the start ends at once, and the sandbox is asleep", async () => {
    const { it, asked } = openFull();
    const outcome = it.outcome((sandbox) => sandbox.ensure(threadId));
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    await it.run((sandbox) => sandbox.giveUp);
    expect(await outcome).toBe("SandboxUnavailableError");
    expect(it.world.record).toMatchObject({ status: "asleep", password: "" });
    it.world.host.override = null;
    await it.pass(minute);
    expect([asked.times, it.world.host.sandboxes.size]).toEqual([1, 0]);
    const left = it.world.host.requests.filter(({ method }) => method === "DELETE");
    expect(
      left.map(({ url }) => new URL(url).search),
      "whoever comes after moves up at once",
    ).toEqual(["?keepWorkspace=true"]);
  });

  test("whoever needs the sandbox after that gets it, however soon", async () => {
    const { it } = openFull();
    const outcome = it.outcome((sandbox) => sandbox.ensure(threadId));
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    it.world.host.override = null;
    const [, next] = await Promise.all([
      it.run((sandbox) => sandbox.giveUp),
      it.run((sandbox) => sandbox.ensure(threadId)),
    ]);
    expect([await outcome, next.generation]).toEqual(["SandboxUnavailableError", 2]);
  });

  test("a need that ends while it waits behind a restart starts nothing, and the restart waits on", async () => {
    const { it } = openFull();
    const restart = it.outcome((sandbox) => sandbox.restart(threadId));
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    const outcome = it.outcome((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.giveUp);
    expect(it.world.record).toMatchObject({ status: "starting", generation: 1 });
    it.world.host.override = (request) => (request.method === "PUT" ? refuse("SandboxUnavailable") : null);
    await it.pass(2_000);
    expect([await restart, await outcome]).toEqual(["SandboxUnavailableError", "SandboxUnavailableError"]);
    expect(it.world.record).toMatchObject({ status: "failed", generation: 1 });
  });

  test("giving up takes nothing from a sandbox that runs", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.giveUp);
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 1 });
  });

  test("keeps nobody in line who is only writing; the message that follows waits as any other", async () => {
    const { it, asked } = openFull();
    await it.run((sandbox) => sandbox.wake(threadId));
    expect(it.world.record).toMatchObject({ status: "asleep", password: "" });
    expect(asked.times).toBe(1);
    const started = it.run((sandbox) => sandbox.ensure(threadId));
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    it.world.host.override = null;
    await it.pass(2_000);
    expect(await started).toMatchObject({ generation: 2 });
  });

  test("makes a start wait for half an hour and not for ever, and then says so", async () => {
    const { it, asked } = openFull("3600");
    const outcome = it.run((sandbox) => Effect.flip(sandbox.ensure(threadId)));
    let isOver = false;
    void outcome.then(() => {
      isOver = true;
    });
    await expect.poll(() => it.world.record?.reason).toBe(sentence);
    await it.pass(placeWaitMsMax - 5_000);
    await expect.poll(() => asked.times).toBeGreaterThan(1);
    expect([it.world.record?.status, isOver]).toEqual(["starting", false]);
    await expect
      .poll(async () => {
        await it.pass(5_000);
        return isOver;
      })
      .toBe(true);
    expect(await outcome).toMatchObject({
      _tag: "SandboxUnavailableError",
      reason: expect.stringContaining("All sandboxes are busy."),
    });
    expect(it.world.record).toMatchObject({ status: "failed", password: "" });
    it.world.host.override = null;
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 2 });
  });
});

describe("a sandbox that its host ended", () => {
  test("to give its place away is shown asleep within a minute, and costs one look a day from then on", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.putToSleep();
    await it.pass(minute);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({
      status: "asleep",
      generation: 1,
      reason: "Asleep: another thread needed the capacity.",
    });
    await it.pass(minute);
    await expect.poll(() => it.world.alarmAt ?? 0).toBeGreaterThan(threadLookMs - minute);
  });

  test("comes back with the next generation at the next use, its sleep known or not", async () => {
    for (const isKnown of [true, false]) {
      const it = makeLifecycleUnderTest();
      await it.run((sandbox) => sandbox.ensure(threadId));
      it.world.host.putToSleep();
      if (isKnown) await it.pass(minute);
      expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 2 });
      expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "ready" });
    }
  });

  test.each(["stopped", "failed"])("(%s) while it started is followed by the next generation", async (status) => {
    const it = makeLifecycleUnderTest();
    it.world.host.override = (request) => {
      if (request.method !== "PUT") return null;
      it.world.host.override = null;
      const name = new URL(request.url).pathname.split("/").at(-1);
      return Response.json({ name, generation: 1, status, reason: "It is over." });
    };
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 2 });
  });

  test("at every start is given up after three starts", async () => {
    const it = makeLifecycleUnderTest();
    it.world.host.override = (request) =>
      request.method === "PUT" ? refuse("SandboxInterrupted", "It is over.") : null;
    expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SandboxUnavailableError");
    expect(it.world.record).toMatchObject({ status: "failed", generation: 3, reason: "It is over." });
  });

  test("for a fault of its own is shown failed, with the host's reason", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    const reason = "The sandbox ran out of memory (2048 MB).";
    for (const hosted of it.world.host.sandboxes.values()) hosted.end = { status: "failed", reason };
    await it.pass(minute);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "failed", reason });
  });
});

describe("a sandbox that is woken before it is needed", () => {
  test("is there when the message comes", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.wake(threadId));
    expect(it.world.record).toMatchObject({ status: "ready", generation: 1 });
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 1 });
  });

  test("starts once where the message comes while it starts", async () => {
    const it = makeLifecycleUnderTest();
    const woken = it.run((sandbox) => sandbox.wake(threadId));
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 1 });
    await woken;
    expect(it.world.host.sandboxes.size).toBe(1);
  });

  test("stays failed, with its reason, where it has failed", async () => {
    const it = makeLifecycleUnderTest();
    it.world.host.override = (request) => (request.method === "PUT" ? refuse("SandboxUnavailable") : null);
    expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SandboxUnavailableError");
    const before = it.world.record;
    await it.run((sandbox) => sandbox.wake(threadId));
    expect(it.world.record).toEqual(before);
  });
});
