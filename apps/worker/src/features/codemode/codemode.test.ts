import { env } from "cloudflare:workers";
import { codemodeExecute, codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { Generation, type ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { makeWorkerRuntime } from "../../runtime.ts";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken } from "../../testing/tokens.testing.ts";
import { machineOf, outcomeOf, returned } from "./machine.testing.ts";
import type { MachineEnd, MachineRun } from "./machine.ts";
import { programApprovalsRef } from "./refs.ts";
import { codemodeRoutes } from "./routes.ts";
import { runProgram } from "./run.ts";

const runtime = makeWorkerRuntime(env);

type Program = (run: MachineRun) => Promise<MachineEnd>;
const unused: Program = () => Promise.reject(new Error("Nothing may run here."));

/** Sends a request to one of the routes, whose machine runs that program. */
const send = async (path: string, init: RequestInit, program: Program = unused): Promise<Response | ErrorTag> => {
  const route = codemodeRoutes.find((each) => each.path === path);
  if (route === undefined) throw new Error("There is no such route.");
  const request = new Request(`http://worker.test${path}`, { method: "POST", ...init });
  return runtime.runPromise(
    Effect.match(route.handle({ request, params: {}, requestId: "request-1" }), {
      onSuccess: (response): Response | ErrorTag => response,
      onFailure: ({ wireTag }) => wireTag,
    }).pipe(Effect.provide(machineOf(program))),
  );
};

const execute = async (threadId: ThreadId, body: unknown, program?: Program) => {
  const headers = { authorization: `Bearer ${await signToken(threadId)}` };
  const answer = await send("/api/codemode/execute", { headers, body: JSON.stringify(body) }, program);
  return typeof answer === "string" ? answer : { status: answer.status, body: await answer.json() };
};

/** How these calls of one program go, one after the other. */
const callsOf = async (calls: readonly (readonly [tool: string, input: unknown])[], threadId = newThreadId()) => {
  const outcomes: unknown[] = [];
  const program: Program = async ({ answer }) => {
    for (const [tool, input] of calls) outcomes.push(await outcomeOf(answer(tool, input as never)));
    return returned(null);
  };
  const caller = { threadId, requestId: "request-1", generation: Generation.make(1) };
  await programApprovalsRef(env, threadId).setPolicy({ writes: "always" });
  await runtime.runPromise(Effect.provide(runProgram("async () => {}", caller), machineOf(program)));
  return outcomes;
};

describe("POST /api/codemode/execute", () => {
  test("answers with what the program returned, and gives it every tool by name", async () => {
    let seen: MachineRun | undefined;
    const answer = await execute(newThreadId(), { code: "async () => 42" }, async (run) => {
      seen = run;
      return returned(42);
    });
    expect(answer).toEqual({ status: 200, body: { success: true, result: 42 } });
    expect(seen?.program).toBe("async () => 42");
    expect(seen?.namespaces).toEqual([
      { namespace: "workspace", tools: ["read", "list", "search", "write", "edit"] },
      { namespace: "codemode", tools: ["exec", "fetchUrl", "getSecret", "askUser"] },
      { namespace: "http", tools: ["fetch"] },
      { namespace: "threads", tools: ["search"] },
    ]);
  });

  test.each<[string, MachineEnd, RegExp]>([
    ["threw", { type: "threw", error: "no such thing", logs: [] }, /^no such thing$/],
    ["ran too long", { type: "stopped", reason: "time", logs: [] }, /longer than 30 s/],
    ["called too often", { type: "stopped", reason: "calls", logs: [] }, /more than 100 times/],
    ["returned too much", { type: "stopped", reason: "output", logs: [] }, /up to 1 MiB/],
    ["took its machine with it", { type: "lost" }, /went away/],
  ])("answers 500 with a sentence where the program %s", async (_, end, words) => {
    const answer = await execute(newThreadId(), { code: "async () => {}" }, async () => end);
    expect(answer).toEqual({ status: 500, body: { success: false, error: expect.stringMatching(words) } });
  });

  test("says nothing but a reference where we fail ourselves", async () => {
    const answer = await execute(newThreadId(), { code: "x" }, () => Promise.reject(new Error("canary-cause")));
    expect(answer).toEqual({
      status: 500,
      body: { success: false, error: "Something went wrong on our side. Reference: request-1" },
    });
  });

  test("lets nobody in without a token of a thread that is there", async () => {
    expect(await send("/api/codemode/execute", { body: "{}" })).toBe("TokenMissing");
    expect(await send("/api/codemode/execute", { body: "{}", headers: { authorization: "Bearer a.b.c" } })).toBe(
      "TokenInvalid",
    );
    expect(await execute(newThreadId("gone"), { code: "x" })).toBe("NotFound");
  });

  test.each([{}, { code: "" }, { code: 1 }, { code: "x".repeat(65_537) }, []])(
    "runs nothing that is no program (%#)",
    async (body) => {
      expect(await execute(newThreadId(), body)).toBe("ValidationError");
    },
  );

  test("refuses whoever runs too many programs in a minute, and nobody else", async () => {
    const threadId = newThreadId();
    const quick: Program = async () => returned(null);
    const answers = [];
    for (let count = 0; count < 31; count += 1) answers.push(await execute(threadId, { code: "x" }, quick));
    expect(errorTable.RateLimited.status).toBe(429);
    expect(answers.at(-1)).toBe("RateLimited");
    expect(answers.filter((answer) => answer !== "RateLimited")).toHaveLength(30);
    expect(await execute(newThreadId(), { code: "x" }, quick)).toMatchObject({ status: 200 });
  });
});

describe("the tools of a program", () => {
  test("write, read, edit, and list the thread's own workspace", async () => {
    expect(
      await callsOf([
        ["workspace.write", { path: "b.txt", content: "one two" }],
        ["workspace.edit", { path: "b.txt", find: "two", replace: "three" }],
        ["workspace.read", { path: "b.txt" }],
        ["workspace.list", {}],
        ["workspace.edit", { path: "b.txt", find: "four", replace: "" }],
        ["workspace.edit", { path: "b.txt", find: "e", replace: "" }],
      ]),
    ).toEqual([
      { result: null },
      { result: null },
      { result: "one three" },
      { result: [{ name: "b.txt", kind: "file", sizeBytes: 9 }] },
      { error: "b.txt does not hold this text." },
      { error: "b.txt holds this text more than once." },
    ]);
  });

  test.each(["../x", "/etc/passwd", "a/../../x", "a\0b"])("reach no file outside of it: %j", async (path) => {
    const outcomes = await callsOf([
      ["workspace.read", { path }],
      ["workspace.write", { path, content: "x" }],
      ["workspace.edit", { path, find: "x", replace: "y" }],
      ["workspace.list", { path }],
    ]);
    for (const outcome of outcomes) expect(outcome).toEqual({ error: "The path is outside the workspace." });
  });

  test.each<[string, unknown]>([
    ["workspace.read", {}],
    ["workspace.read", { path: 1 }],
    ["workspace.read", "a.txt"],
    ["workspace.write", { path: "a.txt" }],
    ["codemode.exec", { command: "" }],
    ["codemode.exec", { command: "true", timeoutMs: 30_001 }],
    ["codemode.fetchUrl", { url: { href: "https://github.com" } }],
    ["codemode.getSecret", { name: "x".repeat(65) }],
  ])("are refused before they run where the argument does not fit: %s %j", async (tool, input) => {
    const threadId = newThreadId();
    const before = (await observe(threadId)).starts;
    expect(await callsOf([[tool, input]], threadId)).toEqual([
      { error: expect.stringMatching(new RegExp(`^${tool} does not take this\\.`)) },
    ]);
    expect((await observe(threadId)).starts).toBe(before);
  });

  test.each(["workspace.erase", "read", "codemode.constructor", "__proto__.read", "workspace.read.call"])(
    "are these and no others: %s",
    async (tool) => {
      expect(await callsOf([[tool, { path: "a" }]])).toEqual([{ error: "There is no such tool." }]);
    },
  );

  test("give no secret that is not bound to hosts", async () => {
    expect(await callsOf([["codemode.getSecret", { name: "MODEL_API_KEY" }]])).toEqual([{ result: null }]);
  });
});

describe("A58, A61, A62: fetchUrl asks nobody at", () => {
  const notHttps = "Only an https address of a host's name can be fetched.";
  const noHost = "This address is not reachable from a sandbox.";
  const notListed = "This thread may not reach this host. The thread's owner can allow it, under Activity.";
  test.each([
    ["http://github.com/", notHttps],
    ["file:///etc/passwd", notHttps],
    ["gopher://github.com/", notHttps],
    ["https://user:password@github.com/", notHttps],
    ["https://github.com:8443/", notHttps],
    ["nonsense", notHttps],
    ["https://[::ffff:7f00:1]/", noHost],
    ["https://[::1]/", noHost],
    ["https://[64:ff9b::7f00:1]/", noHost],
    ["https://127.0.0.1/", noHost],
    ["https://0177.0.0.1/", noHost],
    ["https://0x7f000001/", noHost],
    ["https://2130706433/", noHost],
    ["https://127.1/", noHost],
    ["https://169.254.169.254/latest/meta-data", noHost],
    ["https://localhost/", /not/],
    ["https://localhost./", /not/],
    ["https://127.0.0.1.nip.io/", notListed],
    ["https://evil.example/?x=1", notListed],
    ["https://github.com.evil.example/", notListed],
  ])("%s", async (url, words) => {
    const threadId = newThreadId();
    const before = (await observe(threadId)).strangers;
    const error = typeof words === "string" ? words : expect.stringMatching(words);
    expect(await callsOf([["codemode.fetchUrl", { url }]], threadId)).toEqual([{ error }]);
    expect((await observe(threadId)).strangers).toBe(before);
  });
});

test("a sandbox runs programs by its credential alone, and nobody by none", async () => {
  const body = JSON.stringify({ code: "async () => 1" });
  expect(await send(codemodeExecute.innerPath, { body })).toBe("TokenMissing");
  const token = await signToken(newThreadId());
  const stranger = await send(codemodeExecute.innerPath, { body, headers: { authorization: `Bearer ${token}` } });
  expect(stranger).toBe("TokenInvalid");
});

describe("the server of tools for the agent", () => {
  test("lets nobody in without the credential of a sandbox that runs", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect(await send(codemodeMcp.innerPath, { body })).toBe("TokenMissing");
    expect(await send(codemodeMcp.innerPath, { body, headers: { authorization: "Bearer a.b.c" } })).toBe(
      "TokenInvalid",
    );
    const token = await signToken(newThreadId());
    const stranger = await send(codemodeMcp.innerPath, { body, headers: { authorization: `Bearer ${token}` } });
    expect(stranger).toBe("TokenInvalid");
  });
});
