import { MessageId } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest, testConfig } from "./lifecycle.testing.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

const threadId = newThreadId();
const after = MessageId.make("answer_1");
const id = "a".repeat(64);

const begin = async (isKept: boolean) => {
  const it = makeLifecycleUnderTest();
  const first = newThreadId();
  const name = await Effect.runPromise(sandboxNameOf(first, testConfig().sandboxNameKey));
  if (isKept) it.world.host.points.set(name, [{ id, at: 1, cause: "turn", after, bytes: 1 }]);
  await it.run((sandbox) => sandbox.beginFrom({ threadId: first, pointId: id, after }));
  return { ...it, origin: { name, id } };
};

test("a thread's files begin with another's point at every start, and go with the answer of that", async () => {
  const it = await begin(true);
  const { name } = await it.run((sandbox) => sandbox.ensure(threadId));
  const request = () => it.world.host.sandboxes.get(name)?.request;
  expect(request()).toMatchObject({ origin: it.origin });
  expect(it.world.record).toMatchObject({ status: "ready", after });
  await it.run((sandbox) => sandbox.restart(threadId));
  expect(request()).toMatchObject({ origin: it.origin });
});

test("where that point isn't kept the thread says so, and begins with nothing only once somebody has asked for it", async () => {
  const it = await begin(false);
  expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SnapshotUnusableError");
  expect(it.world.record).toMatchObject({ status: "failed", canStartEmpty: true });
  await it.run((sandbox) => sandbox.restart(threadId, true));
  expect(it.world.record).toMatchObject({ status: "ready" });
  expect(it.world.origin).toBeNull();
});

test("a thread that has begun begins with nothing else", async () => {
  const it = makeLifecycleUnderTest();
  await it.run((sandbox) => sandbox.ensure(threadId));
  const origin = { threadId: newThreadId(), pointId: beginningId, after: null };
  expect(await it.outcome((sandbox) => sandbox.beginFrom(origin))).toBe("VersionConflictError");
});
