import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Generation, type ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { makeWorkerRuntime } from "../../runtime.ts";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { decide, pendingOf, seeApproval } from "./approval.testing.ts";
import { machineOf, outcomeOf, returned } from "./machine.testing.ts";
import { programApprovalsRef } from "./refs.ts";
import { runProgram } from "./run.ts";

const runtime = makeWorkerRuntime(env);

type Call = readonly [tool: string, input: unknown];

/** Runs a program of these calls; resolves with its report. */
const start = (threadId: ThreadId, calls: readonly Call[], program = "async () => {}", signal?: AbortSignal) => {
  const outcomes: unknown[] = [];
  const machine = machineOf(async ({ answer }) => {
    for (const [tool, input] of calls) outcomes.push(await outcomeOf(answer(tool, input as never)));
    return returned(outcomes as never);
  });
  const caller = { threadId, requestId: "request-1", generation: Generation.make(1) };
  const options = signal === undefined ? {} : { signal };
  return runtime.runPromise(Effect.provide(runProgram(program, caller), machine), options);
};

const read = (threadId: ThreadId, path: string) =>
  runtime.runPromise(
    SandboxFiles.use((files) => files.open(threadId)).pipe(
      Effect.flatMap((files) => files.read(path)),
      Effect.flatMap(({ stream }) => Effect.promise(() => new Response(stream).text())),
      Effect.orElseSucceed(() => null),
    ),
  );
const write = (threadId: ThreadId, path: string, text: string) =>
  runtime.runPromise(
    SandboxFiles.use((files) => files.open(threadId)).pipe(
      Effect.flatMap((files) => files.write(path, new TextEncoder().encode(text))),
    ),
  );

const writeB: Call = ["workspace.write", { path: "b.txt", content: "one\n" }];
const approvalsOf = (threadId: ThreadId) => programApprovalsRef(env, threadId);

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
