import { runInDurableObject } from "cloudflare:test";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Generation } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import {
  approvalsOf,
  type Call,
  decide,
  pendingOf,
  read,
  runtime,
  seeApproval,
  start,
  write,
  writeB,
} from "./approval.testing.ts";
import { machineOf } from "./machine.testing.ts";
import { runProgram } from "./run.ts";

describe("a program that writes", () => {
  test("sees its own writes, while the workspace stays as it is until a person has allowed exactly them", async () => {
    const threadId = newThreadId();
    await write(threadId, "a.txt", "alpha\nbeta\n");
    const running = start(threadId, [
      writeB,
      ["workspace.edit", { path: "a.txt", find: "beta", replace: "gamma" }],
      ["workspace.read", { path: "a.txt" }],
      ["workspace.list", {}],
      ["workspace.read", { path: "b.txt" }],
      ["workspace.edit", { path: "b.txt", find: "one", replace: "two" }],
    ]);
    const [pending] = await pendingOf(threadId);
    expect(await read(threadId, "b.txt")).toBeNull();
    const approval = await seeApproval(threadId, pending?.approvalId);
    expect(approval).toMatchObject({
      state: "pending",
      program: "async () => {}",
      changes: [
        {
          path: "a.txt",
          change: "modified",
          additions: 1,
          deletions: 1,
          diff: "@@ -1,2 +1,2 @@\n alpha\n-beta\n+gamma\n",
        },
        { path: "b.txt", change: "added", additions: 1, deletions: 0, diff: "@@ -0,0 +1,1 @@\n+two\n" },
      ],
    });
    expect(await decide(threadId, pending?.approvalId, "once")).toEqual({ state: "applied", words: null });
    const report = await running;
    expect(report).toMatchObject({ decision: "applied" });
    expect(report.result).toMatchObject([
      { result: null },
      { result: null },
      { result: "alpha\ngamma\n" },
      { result: [{ name: "a.txt" }, { name: "b.txt" }] },
      { result: "one\n" },
      { result: null },
    ]);
    expect([await read(threadId, "a.txt"), await read(threadId, "b.txt")]).toEqual(["alpha\ngamma\n", "two\n"]);
  });

  test("has changed nothing where a person says no, and its caller is told so", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB]);
    const [pending] = await pendingOf(threadId);
    expect(await decide(threadId, pending?.approvalId, "deny")).toEqual({ state: "denied", words: null });
    const report = await running;
    expect(report).toMatchObject({ decision: "denied", error: expect.stringMatching(/said no/) });
    expect(report.result).toBeUndefined();
    expect(await read(threadId, "b.txt")).toBeNull();
  });

  test("is refused where a file has changed since it was shown, and then none of its files is written", async () => {
    const threadId = newThreadId();
    await write(threadId, "z.txt", "old");
    const running = start(threadId, [writeB, ["workspace.write", { path: "z.txt", content: "new" }]]);
    const [pending] = await pendingOf(threadId);
    await write(threadId, "z.txt", "meanwhile");
    expect(await decide(threadId, pending?.approvalId, "once")).toEqual({
      state: "failed",
      words: "z.txt has changed since. Nothing was changed.",
    });
    expect((await running).error).toContain("z.txt has changed since.");
    expect([await read(threadId, "b.txt"), await read(threadId, "z.txt")]).toEqual([null, "meanwhile"]);
  });

  test("asks once whatever tabs say at the same time: the first decision counts", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB]);
    const [pending] = await pendingOf(threadId);
    const answers = await Promise.all([
      decide(threadId, pending?.approvalId, "deny"),
      decide(threadId, pending?.approvalId, "once"),
      decide(threadId, pending?.approvalId, "always"),
    ]);
    expect(answers.map((answer) => answer?.state)).toEqual(["denied", "denied", "denied"]);
    expect((await running).decision).toBe("denied");
    expect(await read(threadId, "b.txt")).toBeNull();
    expect(await approvalsOf(threadId).policy()).toEqual({ writes: "ask" });
  });

  test("is denied once the time is over, though nobody looks", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB]);
    await pendingOf(threadId);
    await runInDurableObject(approvalsOf(threadId), async (object, { storage }) => {
      storage.sql.exec("update approvals set until = since");
      await object.alarm();
    });
    const report = await running;
    expect(report).toMatchObject({
      decision: "expired",
      error: expect.stringMatching(/^Nobody answered within 10 min/),
    });
    expect(await read(threadId, "b.txt")).toBeNull();
  });

  test("is asked about no more once its caller has left", async () => {
    const threadId = newThreadId();
    const control = new AbortController();
    const running = start(threadId, [writeB], "async () => {}", control.signal).catch(() => "left");
    const [pending] = await pendingOf(threadId);
    control.abort();
    expect(await running).toBe("left");
    await expect.poll(async () => (await seeApproval(threadId, pending?.approvalId))?.state).toBe("withdrawn");
    expect(await decide(threadId, pending?.approvalId, "once")).toMatchObject({ state: "withdrawn" });
    expect(await read(threadId, "b.txt")).toBeNull();
  });

  test.each([
    ["throws", { type: "threw", error: "no", logs: [] } as const],
    ["is lost", { type: "lost" } as const],
  ])("and then %s changes nothing and asks nobody", async (_, end) => {
    const threadId = newThreadId();
    const machine = machineOf(async ({ answer }) => {
      await answer("workspace.write", { path: "b.txt", content: "x" });
      return end;
    });
    const caller = { threadId, requestId: "request-1", generation: Generation.make(1) };
    const report = await runtime.runPromise(Effect.provide(runProgram("x", caller), machine));
    expect(report.error).toBeDefined();
    expect(await read(threadId, "b.txt")).toBeNull();
  });

  test("and leaves everything as it was asks nobody", async () => {
    const threadId = newThreadId();
    await write(threadId, "b.txt", "one\n");
    expect(await start(threadId, [writeB])).not.toHaveProperty("decision");
  });

  test("and runs commands is shown what they would do to the files, its own before and after them included", async () => {
    const threadId = newThreadId();
    await write(threadId, "old.txt", "old\n");
    const running = start(threadId, [
      writeB,
      ["codemode.exec", { command: "write c.txt made" }],
      ["codemode.exec", { command: "remove old.txt" }],
      ["workspace.read", { path: "c.txt" }],
      ["workspace.read", { path: "old.txt" }],
      ["workspace.search", { query: ".txt" }],
      ["workspace.edit", { path: "c.txt", find: "made", replace: "mended" }],
    ]);
    const [pending] = await pendingOf(threadId);
    expect((await seeApproval(threadId, pending?.approvalId))?.changes).toMatchObject([
      { path: "b.txt", change: "added", additions: 1 },
      { path: "c.txt", change: "added", diff: "@@ -0,0 +1,1 @@\n+mended\n\\ No newline at end of file\n" },
      { path: "old.txt", change: "deleted", deletions: 1, additions: 0 },
    ]);
    await decide(threadId, pending?.approvalId, "once");
    expect((await running).result).toMatchObject([
      { result: null },
      { result: { exitCode: 0, stdout: "old.txt b.txt c.txt" } },
      { result: { stdout: "b.txt c.txt" } },
      { result: "made" },
      { error: "old.txt does not exist." },
      { result: [{ path: "b.txt" }, { path: "c.txt" }] },
      { result: null },
    ]);
    expect(await Promise.all(["old.txt", "b.txt", "c.txt"].map((path) => read(threadId, path)))).toEqual([
      null,
      "one\n",
      "mended",
    ]);
  });

  test("is refused a command of which not everything can be shown, and the files that can't be", async () => {
    const threadId = newThreadId();
    const [outcome] = (await start(threadId, [["codemode.exec", { command: "link x" }]])).result as unknown[];
    expect(outcome).toEqual({ error: "It can't be shown what this command does to x (a link or a special file)." });
    const content = "x".repeat(codemodeLimits.outputBytesMax - 100);
    const big = [1, 2].map((at): Call => ["workspace.write", { path: `${at}.txt`, content }]);
    expect((await start(threadId, big)).error).toMatch(/more than a person can be shown/);
    expect(await read(threadId, "1.txt")).toBeNull();
  });
});
