import { runInDurableObject } from "cloudflare:test";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { ApprovalId } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { approvalsOf, type Call, pendingOf, read, runtime, start, writeB } from "./approval.testing.ts";
import { machineOf, outcomeOf, returned } from "./machine.testing.ts";
import { hashOf, resumeProgram, runProgram } from "./run.ts";

const ask: Call = ["codemode.askUser", { question: "Which one?", choices: ["left", "right"] }];
const askFreely: Call = ["codemode.askUser", { question: "What is it called?" }];
const none = "none" as ApprovalId;

const answer = (threadId: ThreadId, approvalId: ApprovalId = none, text: string | null = "left") =>
  approvalsOf(threadId).answer(approvalId, { answer: text });

describe("a question of a program", () => {
  test("waits for a person, in every tab, and the program goes on with the first answer", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [ask]);
    const [pending] = await pendingOf(threadId);
    expect(pending?.kind).toBe("question");
    expect(await approvalsOf(threadId).question(pending?.approvalId ?? none)).toMatchObject({
      ...{ state: "pending", question: "Which one?", choices: ["left", "right"] },
    });
    // What is none of the choices is no answer.
    expect(await answer(threadId, pending?.approvalId, "up")).toMatchObject({ state: "pending" });
    const answers = await Promise.all([
      answer(threadId, pending?.approvalId, "right"),
      answer(threadId, pending?.approvalId, "left"),
      answer(threadId, pending?.approvalId, null),
    ]);
    expect(answers).toEqual(Array(3).fill({ state: "answered", answer: "right" }));
    expect((await running).result).toEqual([{ result: "right" }]);
    await pendingOf(threadId, 0);
  });

  test("takes any text where it offers no choices", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [askFreely]);
    const [pending] = await pendingOf(threadId);
    await answer(threadId, pending?.approvalId, "Ada");
    expect((await running).result).toEqual([{ result: "Ada" }]);
  });

  test("that a person turns down is refused to the program, which may go on", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [ask]);
    const [pending] = await pendingOf(threadId);
    await answer(threadId, pending?.approvalId, null);
    expect((await running).result).toEqual([{ error: "The person would not answer." }]);
  });

  test("that nobody answers in time is told to the program, though nobody looks", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [ask]);
    await pendingOf(threadId);
    await runInDurableObject(approvalsOf(threadId), async (object, { storage }) => {
      storage.sql.exec("update questions set until = since");
      await object.alarm();
    });
    expect((await running).result).toEqual([{ error: "Nobody answered within 10 minutes." }]);
  });

  test("stands still with the clock of its run", async () => {
    const threadId = newThreadId();
    const paused: string[] = [];
    const machine = machineOf(async (run) => {
      const asking = run.answer("codemode.askUser", { question: "?" }, () => paused.push("question"));
      await run.answer("workspace.list", {}, () => paused.push("list"));
      return returned((await outcomeOf(asking)) as never);
    });
    const caller = { threadId, requestId: "request-1", generation: null };
    const running = runtime.runPromise(Effect.provide(runProgram("x", caller), machine));
    const [pending] = await pendingOf(threadId);
    await answer(threadId, pending?.approvalId, "yes");
    expect((await running).result).toEqual({ result: "yes" });
    expect(paused).toEqual(["question"]);
  });

  test("is asked no more once its program is over or its caller has left", async () => {
    const threadId = newThreadId();
    const machine = machineOf(async ({ answer: call }) => {
      void outcomeOf(call("codemode.askUser", { question: "Still there?" }));
      await expect.poll(async () => (await approvalsOf(threadId).policy()).writes).toBe("ask");
      await pendingOf(threadId);
      return returned(null);
    });
    const caller = { threadId, requestId: "request-1", generation: null };
    await runtime.runPromise(Effect.provide(runProgram("x", caller), machine));
    await pendingOf(threadId, 0);
    const control = new AbortController();
    const left = start(threadId, [ask], "async () => {}", control.signal).catch(() => "left");
    await pendingOf(threadId);
    control.abort();
    expect(await left).toBe("left");
    await pendingOf(threadId, 0);
  });

  test("outlives the object that keeps it", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [ask]);
    const [pending] = await pendingOf(threadId);
    await runInDurableObject(approvalsOf(threadId), (_, state) => state.abort("lost")).catch(() => {});
    await answer(threadId, pending?.approvalId);
    expect((await running).result).toEqual([{ result: "left" }]);
  });

  test("is no more than three of one program", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [ask, ask, ask, ask]);
    let last: ApprovalId | undefined;
    for (const _ of [1, 2, 3]) {
      await expect.poll(async () => (await pendingOf(threadId))[0]?.approvalId).not.toBe(last);
      last = (await pendingOf(threadId))[0]?.approvalId;
      await answer(threadId, last);
    }
    expect((await running).result).toMatchObject([{}, {}, {}, { error: "One program asks 3 questions at most." }]);
  });
});

describe("a program that was lost with the worker while it asked", () => {
  const program = "async () => 'lost'";

  /** As a run leaves things that has no time to clean up. */
  const lose = async (threadId: ThreadId, calls: readonly Call[]) => {
    const wish = { program, programHash: await Effect.runPromise(hashOf(program)), position: 0 };
    const [, input] = calls[0] ?? ask;
    await approvalsOf(threadId).ask(threadId, {
      ...{ ...wish, approvalId: "question_that_was_lost" as ApprovalId, choices: [], question: "" },
      ...(input as object),
    });
    return wish.programHash;
  };
  const resume = (threadId: ThreadId, hash: string, calls: readonly Call[]) => {
    const machine = machineOf(async ({ answer: call }) => {
      const outcomes: unknown[] = [];
      for (const [tool, input] of calls) outcomes.push(await outcomeOf(call(tool, input as never)));
      return returned(outcomes as never);
    });
    const caller = { threadId, requestId: "request-2", generation: null };
    return runtime.runPromise(Effect.provide(resumeProgram(hash, caller), machine));
  };

  test("is run again and comes to the same question, or to the answer that was given meanwhile", async () => {
    const threadId = newThreadId();
    const hash = await lose(threadId, [ask]);
    const [pending] = await pendingOf(threadId);
    await answer(threadId, pending?.approvalId, "right");
    expect((await resume(threadId, hash, [ask])).result).toEqual([{ result: "right" }]);
    // It has come to its end: the next one is asked anew.
    const again = start(threadId, [ask], program);
    const [next] = await pendingOf(threadId);
    await answer(threadId, next?.approvalId, "left");
    expect((await again).result).toEqual([{ result: "left" }]);
  });

  test("that asks something else then is asked anew", async () => {
    const threadId = newThreadId();
    const hash = await lose(threadId, [ask]);
    const [lost] = await pendingOf(threadId);
    await answer(threadId, lost?.approvalId, "right");
    const running = resume(threadId, hash, [askFreely]);
    const [pending] = await pendingOf(threadId);
    await answer(threadId, pending?.approvalId, "Ada");
    expect((await running).result).toEqual([{ result: "Ada" }]);
  });

  test("is not run again where its thread asks nobody: what it has written is written", async () => {
    const threadId = newThreadId();
    const hash = await lose(threadId, [ask]);
    await approvalsOf(threadId).setPolicy({ writes: "always" });
    expect((await resume(threadId, hash, [writeB])).error).toMatch(/isn't known any more/);
    expect(await read(threadId, "b.txt")).toBeNull();
  });
});

test("threads.search asks for the owner's threads by the thread that the program is of, and by no other", async () => {
  const threadId = newThreadId();
  const { result } = await start(threadId, [
    ["threads.search", { query: "plans", threadId: "another" }],
    ["threads.search", { query: "" }],
  ]);
  expect(result).toMatchObject([
    { result: { threads: [{ title: `Of ${threadId}` }] } },
    { error: expect.stringMatching(/does not take this/) },
  ]);
});
