import { env, exports } from "cloudflare:workers";
import { Generation, type ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { makeWorkerRuntime } from "../../runtime.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { pendingOf, read, write } from "./approval.testing.ts";
import { eventAnswer } from "./event-answer.ts";
import { machineOf, returned } from "./machine.testing.ts";
import { runProgram } from "./run.ts";

const runtime = makeWorkerRuntime(env);
beforeAll(async () => {
  await exports.default.fetch("http://worker.test/health");
});

const send = async (threadId: ThreadId, method: string, path: string, body?: unknown, token?: string) => {
  const headers = {
    authorization: `Bearer ${token ?? (await signToken(threadId))}`,
    origin: testBindings.APP_ORIGIN,
    "content-type": "application/json",
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await exports.default.fetch(`http://worker.test/api/codemode/${threadId}/${path}`, init);
  return { status: response.status, body: (await response.json()) as unknown };
};

const asking = async () => {
  const threadId = newThreadId();
  const machine = machineOf(async ({ answer }) => {
    await answer("workspace.write", { path: "b.txt", content: "one" });
    return returned(null);
  });
  const caller = { threadId, requestId: "request-1", generation: Generation.make(1) };
  const running = runtime.runPromise(Effect.provide(runProgram("async () => {}", caller), machine));
  const [pending] = await pendingOf(threadId);
  return { threadId, running, path: `approvals/${pending?.approvalId}` };
};

describe("what a program asks", () => {
  test("is read and answered by whoever holds the thread's token, once", async () => {
    const { threadId, running, path } = await asking();
    expect(await send(threadId, "GET", path)).toMatchObject({ status: 200, body: { changes: [{ path: "b.txt" }] } });
    expect(await send(threadId, "POST", path, { decision: "once" })).toEqual({
      status: 200,
      body: { state: "applied", words: null },
    });
    expect(await send(threadId, "POST", path, { decision: "deny" })).toMatchObject({ body: { state: "applied" } });
    expect((await running).decision).toBe("applied");
  });

  test("is undone once it is done, by whoever holds the thread's token, unless a file has changed since", async () => {
    const { threadId, running, path } = await asking();
    const undo = (token?: string) => send(threadId, "POST", `${path}/undo`, undefined, token);
    expect(await undo()).toMatchObject({ status: 200, body: { state: "pending" } });
    await send(threadId, "POST", path, { decision: "once" });
    expect(await running).toMatchObject({ decision: "applied", changes: path.replace("approvals/", "") });
    expect((await undo(await signToken(newThreadId()))).status).toBe(403);
    await write(threadId, "b.txt", "by a person");
    const words = "b.txt has changed since. Nothing was undone.";
    expect(await undo()).toEqual({ status: 200, body: { state: "applied", words } });
    expect(await read(threadId, "b.txt")).toBe("by a person");
    await write(threadId, "b.txt", "one");
    for (let time = 0; time < 2; time += 1)
      expect(await undo()).toEqual({ status: 200, body: { state: "undone", words: null } });
    expect(await read(threadId, "b.txt")).toBeNull();
  });

  test("is nobody else's, and takes no other answer", async () => {
    const { threadId, running, path } = await asking();
    const other = newThreadId();
    expect((await send(other, "GET", path)).status).toBe(404);
    expect((await send(other, "POST", path, { decision: "once" })).status).toBe(404);
    expect((await send(threadId, "POST", path, { decision: "once" }, await signToken(other))).status).toBe(403);
    expect((await send(threadId, "POST", path, { decision: "once" }, "a.b.c")).status).toBe(401);
    for (const body of [{}, { decision: "yes" }, []])
      expect((await send(threadId, "POST", path, body)).status).toBe(400);
    expect((await send(threadId, "GET", "approvals/x")).status).toBe(404);
    await send(threadId, "POST", path, { decision: "deny" });
    expect((await running).decision).toBe("denied");
  });

  test("is decided from before where the thread says so, until that is taken back", async () => {
    const threadId = newThreadId();
    const policy = (method: string, body?: unknown) => send(threadId, method, "policy", body);
    expect(await policy("GET")).toEqual({ status: 200, body: { writes: "ask" } });
    expect(await policy("PUT", { writes: "always" })).toEqual({ status: 200, body: { writes: "always" } });
    expect((await policy("PUT", { writes: "never" })).status).toBe(400);
    expect(await policy("GET")).toEqual({ status: 200, body: { writes: "always" } });
    expect((await send(newThreadId(), "GET", "policy")).body).toEqual({ writes: "ask" });
  });
});

test("an answer that takes long gives signs of life, and whoever leaves ends the work", async () => {
  let ended = "";
  const work = Effect.onInterrupt(Effect.never, () =>
    Effect.sync(() => {
      ended = "interrupted";
    }),
  );
  const reader = (await Effect.runPromise(eventAnswer(work))).body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  expect(new TextDecoder().decode(value as Uint8Array)).toBe(": waiting\n\n");
  await reader?.cancel();
  expect(ended).toBe("interrupted");
  const whole = await (await Effect.runPromise(eventAnswer(Effect.succeed({ id: 1 })))).text();
  expect(whole.endsWith('event: message\ndata: {"id":1}\n\n')).toBe(true);
});
