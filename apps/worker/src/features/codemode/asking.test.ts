import { runInDurableObject } from "cloudflare:test";
import type { ApprovalId } from "@threadbox/contracts/program-approval";
import { describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { approvalsOf, decide, pendingOf, read, seeApproval, start, write, writeB } from "./approval.testing.ts";

describe("what is asked", () => {
  test("outlives the object that keeps it: it is decided afterwards, and whoever waits is told", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB]);
    const [pending] = await pendingOf(threadId);
    await runInDurableObject(approvalsOf(threadId), (_, state) => state.abort("lost")).catch(() => {});
    expect(await seeApproval(threadId, pending?.approvalId)).toMatchObject({
      state: "pending",
      changes: [{ path: "b.txt" }],
    });
    expect(await decide(threadId, pending?.approvalId, "once")).toEqual({ state: "applied", words: null });
    expect((await running).decision).toBe("applied");
    expect(await read(threadId, "b.txt")).toBe("one\n");
  });

  test("is made where the object was lost between the permission and its end, and only once", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB]);
    await pendingOf(threadId);
    await write(threadId, "b.txt", "one\n");
    await runInDurableObject(approvalsOf(threadId), (_, { storage }) => {
      storage.sql.exec("update approvals set state = 'applying'");
    });
    await runInDurableObject(approvalsOf(threadId), (object) => object.alarm());
    expect((await running).decision).toBe("applied");
    expect(await read(threadId, "b.txt")).toBe("one\n");
  });

  test("is joined by the same program, run again after its caller was lost with the worker", async () => {
    const threadId = newThreadId();
    const first = new AbortController();
    const lost = start(threadId, [writeB], "async () => 1", first.signal).catch(() => "left");
    const [pending] = await pendingOf(threadId);
    const again = start(threadId, [["workspace.write", { path: "c.txt", content: "never" }]], "async () => 1");
    const other = start(threadId, [], "async () => 2");
    expect(await other).not.toHaveProperty("decision");
    await decide(threadId, pending?.approvalId, "once");
    expect(await again).toMatchObject({ decision: "applied", result: [{ result: null }] });
    await lost;
    expect(await read(threadId, "c.txt")).toBeNull();
  });

  test("is no more than five at once in a thread", async () => {
    const threadId = newThreadId();
    const control = new AbortController();
    const five = [1, 2, 3, 4, 5].map((at) =>
      start(threadId, [writeB], `async () => ${at}`, control.signal).catch(() => null),
    );
    await pendingOf(threadId, 5);
    expect((await start(threadId, [writeB], "async () => 6")).error).toMatch(/wait for a person as may/);
    control.abort();
    await Promise.all(five);
  });
});

test("Always in this thread lets later programs write and run commands at once, until it is taken back", async () => {
  const threadId = newThreadId();
  const running = start(threadId, [writeB]);
  const [pending] = await pendingOf(threadId);
  await decide(threadId, pending?.approvalId, "always");
  await running;
  const unasked = await start(threadId, [
    ["workspace.write", { path: "c.txt", content: "two" }],
    ["codemode.exec", { command: "true" }],
  ]);
  expect(unasked.decision).toBeUndefined();
  expect(unasked.result).toMatchObject([{ result: null }, { result: { exitCode: 0 } }]);
  expect(await read(threadId, "c.txt")).toBe("two");
  await approvalsOf(threadId).setPolicy({ writes: "ask" });
  const asked = start(threadId, [["workspace.write", { path: "c.txt", content: "three" }]]);
  const [next] = await pendingOf(threadId);
  await decide(threadId, next?.approvalId, "deny");
  expect((await asked).decision).toBe("denied");
  expect(await read(threadId, "c.txt")).toBe("two");
});

test("what waits for a person is told of in the thread's list, and that it is over too", async () => {
  const threadId = newThreadId();
  const running = start(threadId, [writeB]);
  const [pending] = await pendingOf(threadId);
  await decide(threadId, pending?.approvalId, "deny");
  await running;
  const told = async () =>
    (await observe(threadId)).calls
      .filter(({ path }) => path === "threads:setActivity")
      .map(({ args }) => args.activity);
  await expect.poll(told).toEqual(["waiting", "idle"]);
});

test("a thread that was deleted takes what its programs asked with it, once its deletion can't be taken back", async () => {
  const threadId = newThreadId("gone");
  const text = "async () => 'text of a deleted thread'";
  await approvalsOf(threadId).open(threadId, {
    ...{ approvalId: "approval_of_a_deleted_thread" as ApprovalId, program: text, programHash: "hash" },
    ...{ changes: [], requests: [], report: "{}" },
  });
  const lookLater = (ms: number) =>
    runInDurableObject(approvalsOf(threadId), async (object, { storage }) => {
      storage.kv.put("lookAt", Date.now() - 1);
      if (storage.kv.get("goneSince") !== undefined) storage.kv.put("goneSince", Date.now() - ms);
      await object.alarm();
      const tables = storage.sql.exec("select count(*) as count from approvals").one();
      return [tables.count, storage.kv.get("threadId") ?? null];
    });
  expect(await lookLater(0)).toEqual([1, threadId]);
  expect(await lookLater(60_000)).toEqual([1, threadId]);
  expect(await lookLater(120_000)).toEqual([0, null]);
});
