import { Generation } from "@threadbox/contracts/ids";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { recycleQuietMs, upkeepIntervalMs } from "./upkeep.ts";

const threadId = newThreadId();
const minute = 60_000;
const first = Generation.make(1);

type UnderTest = ReturnType<typeof makeLifecycleUnderTest>;

const start = async (it: UnderTest) => {
  await it.run((sandbox) => sandbox.ensure(threadId));
  const [hosted] = [...it.world.host.sandboxes.values()];
  if (hosted === undefined) throw new Error("nothing runs");
  return hosted;
};
const status = async (it: UnderTest) => (await it.run((sandbox) => sandbox.find))?.status;

describe("a sandbox that naps", () => {
  test("is told to Convex with its cause, keeps generation and password, and is ready again when it is used", async () => {
    const it = makeLifecycleUnderTest();
    await start(it);
    await it.reported();
    const before = await it.run((sandbox) => sandbox.peek);
    await it.run((sandbox) => sandbox.hearNap(first, "memory"));
    await it.run((sandbox) => sandbox.hearNap(first, "memory"));
    expect(await it.reported()).toEqual(["ready", "napping"]);
    expect(it.world.reports.at(-1)?.reason).toMatch(/^Napping: the machine is short of memory/);
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toEqual(before);
    expect(await it.run((sandbox) => sandbox.attach(first))).toEqual(before);
    await it.run((sandbox) => sandbox.hearNap(first, null));
    expect(await it.reported()).toEqual(["ready", "napping", "ready"]);
    const naps = it.world.journal.filter(({ detail }) => detail.includes('"nap"'));
    expect(naps.map(({ entryId, until }) => [entryId, until !== undefined])).toEqual([
      [naps[0]?.entryId, false],
      [naps[0]?.entryId, true],
    ]);
  });

  test("sleeps when the idle time is over, and its files stay", async () => {
    const it = makeLifecycleUnderTest();
    await start(it);
    await it.run((sandbox) => sandbox.hearNap(first, "idle"));
    await it.pass(14 * minute);
    expect(await status(it)).toBe("ready");
    await it.run((sandbox) => sandbox.hearNap(first, "idle"));
    await it.pass(2 * minute);
    expect([await status(it), it.world.host.workspaces.size]).toEqual(["asleep", 1]);
  });

  test("of which nobody has told is found by the next look, and so is its end, and its death", async () => {
    const it = makeLifecycleUnderTest();
    const hosted = await start(it);
    hosted.nap = "idle";
    await it.pass(upkeepIntervalMs);
    expect(await status(it)).toBe("napping");
    delete hosted.nap;
    await it.pass(upkeepIntervalMs);
    expect(await status(it)).toBe("ready");
    hosted.nap = "idle";
    await it.pass(upkeepIntervalMs);
    hosted.end = { status: "failed", reason: "OpenCode stopped unexpectedly." };
    await it.pass(upkeepIntervalMs);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "failed", reason: hosted.end.reason });
  });

  test("is no news of a turn that runs, of another generation, or of what sleeps", async () => {
    const it = makeLifecycleUnderTest();
    await start(it);
    await it.run((sandbox) => sandbox.markActivity(first, "busy"));
    await it.run((sandbox) => sandbox.hearNap(first, "idle"));
    expect(await status(it)).toBe("busy");
    await it.run((sandbox) => sandbox.hearNap(first, null));
    expect(await status(it)).toBe("busy");
    await it.run((sandbox) => sandbox.markActivity(first, "idle"));
    await it.run((sandbox) => sandbox.hearNap(Generation.make(2), "idle"));
    expect(await status(it)).toBe("ready");
    await it.run((sandbox) => sandbox.hearEnd(first, { status: "stopped", reason: "Asleep." }));
    await it.run((sandbox) => sandbox.hearNap(first, "idle"));
    expect(await status(it)).toBe("asleep");
  });
});

describe("OpenCode that has grown", () => {
  const asked = (it: UnderTest) => it.world.host.requests.filter(({ url }) => url.endsWith("/opencode"));

  test("is started anew once a turn is over and nobody uses it, and the journal tells", async () => {
    const it = makeLifecycleUnderTest();
    await start(it);
    it.world.host.openCode = { isRecycled: true, memoryMib: 1_500 };
    await it.run((sandbox) => sandbox.markActivity(first, "busy"));
    await it.pass(2 * minute);
    expect(asked(it), "never within a turn").toEqual([]);
    await it.run((sandbox) => sandbox.markActivity(first, "idle"));
    await it.pass(recycleQuietMs - 1);
    expect(asked(it), "a turn may follow at once").toEqual([]);
    await it.pass(1);
    expect(asked(it).map(({ headers }) => headers.get(sandboxHostApi.generationHeader))).toEqual(["1"]);
    await it.reported();
    const [entry, ...others] = it.world.journal.filter(({ detail }) => detail.includes('"recycle"'));
    expect(entry?.subject).toContain("1500 MB");
    expect(others).toEqual([]);
    await it.pass(10 * minute);
    expect(asked(it), "one question for each turn").toHaveLength(1);
    expect(await it.run((sandbox) => sandbox.peek), "whoever has the sandbox keeps it").toMatchObject({
      generation: 1,
    });
  });

  test("is let alone while the next turn runs, and where it is no larger than it may be nothing is told", async () => {
    const it = makeLifecycleUnderTest();
    await start(it);
    await it.run((sandbox) => sandbox.markActivity(first, "busy"));
    await it.run((sandbox) => sandbox.markActivity(first, "idle"));
    await it.pass(recycleQuietMs / 2);
    await it.run((sandbox) => sandbox.markActivity(first, "busy"));
    await it.pass(minute);
    expect(asked(it)).toEqual([]);
    await it.run((sandbox) => sandbox.markActivity(first, "idle"));
    await it.pass(recycleQuietMs);
    expect(asked(it)).toHaveLength(1);
    await it.reported();
    expect(it.world.journal.filter(({ detail }) => detail.includes('"recycle"'))).toEqual([]);
  });
});
