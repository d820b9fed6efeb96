import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type ThreadId, UserId } from "@threadbox/contracts/ids";
import { SecretName } from "@threadbox/contracts/secrets";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { SecretVault } from "../secrets/index.ts";
import {
  approvalsOf,
  type Call,
  decide,
  pendingOf,
  read,
  runtime,
  seeApproval,
  start,
  writeB,
} from "./approval.testing.ts";
import { machineOf } from "./machine.testing.ts";
import { runProgram } from "./run.ts";
import { sha256 } from "./run-book.ts";

const host = "https://api.github.com";
const post = (threadId: ThreadId, path = "ok", more: object = {}): Call => [
  "http.fetch",
  { url: `${host}/${threadId}/${path}`, method: "POST", headers: { "X-Note": "hello" }, body: "said", ...more },
];
const visitsOf = async (threadId: ThreadId) =>
  (await observe(threadId)).visits.map(({ method, url, body }) => ({ method, path: new URL(url).pathname, body }));

const put = (threadId: ThreadId, name: string, value: string, secretHost = "api.github.com") =>
  runtime.runPromise(
    SecretVault.use((vault) =>
      vault.create(
        {
          ...{ name: SecretName.make(name), scope: { kind: "thread", threadId }, usage: "egress" },
          ...{ hosts: [secretHost], value, reason: "A test." },
        },
        { actor: UserId.make("user_admin"), requestId: "request-1" },
      ),
    ),
  );

describe("a program that sends", () => {
  test("has sent nothing until a person has allowed exactly what they were shown; the answers come with its result", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [
      writeB,
      post(threadId, "ok?a=1"),
      post(threadId, "refused", { method: "DELETE" }),
    ]);
    const [pending] = await pendingOf(threadId);
    expect(await visitsOf(threadId)).toEqual([]);
    expect(await seeApproval(threadId, pending?.approvalId)).toMatchObject({
      changes: [{ path: "b.txt" }],
      requests: [
        {
          ...{ method: "POST", host: "api.github.com", path: `/${threadId}/ok?a=1`, secrets: [], body: "said" },
          headers: expect.arrayContaining([
            { name: "x-note", value: "hello" },
            { name: "content-type", value: "text/plain;charset=UTF-8" },
          ]),
        },
        { method: "DELETE", path: `/${threadId}/refused` },
      ],
    });
    expect(await decide(threadId, pending?.approvalId)).toEqual({ state: "applied", words: null });
    const report = await running;
    expect(report).toMatchObject({
      decision: "applied",
      result: [{ result: null }, { result: { isHeld: true, position: 1 } }, { result: { isHeld: true, position: 2 } }],
      sent: [
        { method: "POST", status: 201, text: expect.stringContaining('"method":"POST"') },
        { method: "DELETE", status: 422 },
      ],
    });
    expect(await visitsOf(threadId)).toEqual([
      { method: "POST", path: `/${threadId}/ok`, body: "said" },
      { method: "DELETE", path: `/${threadId}/refused`, body: "said" },
    ]);
    expect(await read(threadId, "b.txt")).toBe("one\n");
    const [receipt] = (await approvalsOf(threadId).runs()).receipts;
    const [first, second] = report.sent ?? [];
    expect(JSON.parse(receipt?.text ?? "{}").sent).toEqual([
      { status: 201, text: await sha256(first?.text ?? "") },
      { status: 422, text: await sha256(second?.text ?? "") },
    ]);
  });

  test("has sent nothing where a person says no", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [post(threadId)]);
    const [pending] = await pendingOf(threadId);
    await decide(threadId, pending?.approvalId, "deny");
    const report = await running;
    expect(report).toMatchObject({ decision: "denied", error: expect.stringContaining("nothing was sent") });
    expect(report).not.toHaveProperty("sent");
    expect(await visitsOf(threadId)).toEqual([]);
  });

  test("and then throws has sent nothing, and asks nobody", async () => {
    const threadId = newThreadId();
    const machine = machineOf(async ({ answer }) => {
      await answer(...(post(threadId) as [string, never]));
      return { type: "threw", error: "no", logs: [] };
    });
    const caller = { threadId, requestId: "request-1", generation: null };
    const report = await runtime.runPromise(Effect.provide(runProgram("x", caller), machine));
    expect(report).not.toHaveProperty("decision");
    expect(await visitsOf(threadId)).toEqual([]);
  });

  test("is asked about also in a thread whose programs write without asking", async () => {
    const threadId = newThreadId();
    await approvalsOf(threadId).setPolicy({ writes: "always" });
    const running = start(threadId, [writeB, post(threadId)]);
    const [pending] = await pendingOf(threadId);
    expect(await seeApproval(threadId, pending?.approvalId)).toMatchObject({ changes: [], requests: [{}] });
    expect(await read(threadId, "b.txt")).toBe("one\n");
    await decide(threadId, pending?.approvalId);
    expect((await running).sent).toMatchObject([{ status: 201 }]);
  });

  test("is told of an answer that is no text, or too long, as far as it goes", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [post(threadId, "bytes"), post(threadId, "long")]);
    const [pending] = await pendingOf(threadId);
    await decide(threadId, pending?.approvalId);
    expect((await running).sent).toMatchObject([
      { status: 200, text: "[The answer is no text.]" },
      { status: 200, text: "x".repeat(32 * 1024), isCut: true },
    ]);
  });

  test("follows nothing that leads elsewhere: that would be a request which nobody has seen", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [post(threadId, "elsewhere")]);
    const [pending] = await pendingOf(threadId);
    await decide(threadId, pending?.approvalId);
    expect((await running).sent).toMatchObject([{ status: 302 }]);
    expect(await visitsOf(threadId)).toHaveLength(1);
  });

  test("stops at the first request that may not have arrived, says so, and sends none behind it", async () => {
    const threadId = newThreadId();
    // An answer that can't be read for secrets is given up: what it was to is not known to have arrived.
    await put(threadId, "GITLAB_TOKEN", "value-of-the-secret", "gitlab.com");
    const lost = post(threadId, "lost", { url: `https://gitlab.com/${threadId}/lost` });
    const running = start(threadId, [post(threadId), lost, post(threadId, "behind")]);
    const [pending] = await pendingOf(threadId);
    expect(await decide(threadId, pending?.approvalId)).toMatchObject({
      state: "failed",
      words: expect.stringMatching(/It isn't known whether it arrived\. 1 of 3 requests were sent before it\.$/),
    });
    const report = await running;
    expect(report).toMatchObject({
      decision: "failed",
      sent: [{ status: 201 }, { error: expect.stringContaining("isn't known") }],
    });
    expect((await visitsOf(threadId)).map(({ path }) => path)).toEqual([`/${threadId}/ok`, `/${threadId}/lost`]);
  });

  test("that was lost while it sent is not sent again, and what is behind it stays", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [post(threadId), post(threadId, "behind")]);
    await pendingOf(threadId);
    await runInDurableObject(approvalsOf(threadId), async (object, { storage }) => {
      storage.sql.exec("update approvals set state = 'applying'");
      storage.sql.exec("update requests set state = 'sending' where position = 0");
      await object.alarm();
    });
    expect(await running).toMatchObject({ decision: "failed", error: expect.stringContaining("isn't known") });
    expect(await visitsOf(threadId)).toEqual([]);
  });

  test("is not sent, and changes no file, where the thread may not reach its host any more", async () => {
    const threadId = newThreadId();
    const running = start(threadId, [writeB, post(threadId)]);
    const [pending] = await pendingOf(threadId);
    await env.EGRESS_POLICIES.getByName("policies").change(threadId, { reach: "own" });
    expect(await decide(threadId, pending?.approvalId)).toMatchObject({
      state: "failed",
      words: expect.stringMatching(/Nothing was changed, and nothing was sent\.$/),
    });
    expect((await running).decision).toBe("failed");
    expect([await visitsOf(threadId), await read(threadId, "b.txt")]).toEqual([[], null]);
  });
});

describe("a secret in a request of a program", () => {
  test("is shown by its name, sent by its value, and in no report", async () => {
    const threadId = newThreadId();
    await put(threadId, "GITHUB_TOKEN", "canary-value-of-the-secret");
    const held: string[] = [];
    const machine = machineOf(async ({ answer }) => {
      const handle = String(await answer("codemode.getSecret", { name: "GITHUB_TOKEN" }));
      held.push(handle);
      await answer(
        ...(post(threadId, `ok?key=${handle}`, {
          headers: { authorization: `Bearer ${handle}`, "x-api-key": "typed-in", cookie: "a=b" },
        }) as [string, never]),
      );
      return { type: "returned", result: null, logs: [] };
    });
    const caller = { threadId, requestId: "request-1", generation: null };
    const running = runtime.runPromise(Effect.provide(runProgram("x", caller), machine));
    const [pending] = await pendingOf(threadId);
    const seen = await seeApproval(threadId, pending?.approvalId);
    expect(seen?.requests).toMatchObject([
      {
        path: `/${threadId}/ok?key=‹GITHUB_TOKEN›`,
        secrets: ["GITHUB_TOKEN"],
        headers: expect.arrayContaining([
          { name: "authorization", value: "Bearer ‹GITHUB_TOKEN›" },
          { name: "x-api-key", value: "••••••" },
          { name: "cookie", value: "••••••" },
        ]),
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain(held[0]);
    await decide(threadId, pending?.approvalId);
    const report = await running;
    const [visit] = (await observe(threadId)).visits;
    expect(visit?.headers.authorization).toBe("Bearer canary-value-of-the-secret");
    expect(JSON.stringify(report)).not.toContain("canary-value");
  });

  test("is refused at once for a host that may not have it, and for a handle of nobody's", async () => {
    const threadId = newThreadId();
    const stranger = `tbh_${"x".repeat(43)}`;
    const outcomes = (await start(threadId, [post(threadId, "ok", { headers: { authorization: stranger } })])).result;
    expect(outcomes).toEqual([{ error: "This credential may not be sent to this host." }]);
  });
});

describe("A60, A63: http.fetch", () => {
  const outcomesOf = async (threadId: ThreadId, calls: readonly Call[]) => (await start(threadId, calls)).result;

  test("reads at once with the headers it is given, and takes no credential to another host", async () => {
    const threadId = newThreadId();
    const get = (path: string): Call => [
      "http.fetch",
      { url: `${host}/${threadId}/${path}`, headers: { authorization: "Bearer mine", accept: "text/plain" } },
    ];
    expect(await outcomesOf(threadId, [get("ok"), get("elsewhere")])).toMatchObject([
      {
        result: {
          status: 201,
          headers: { "content-type": "application/json" },
          text: expect.stringContaining("Bearer mine"),
        },
      },
      { result: { status: 201, text: expect.stringContaining('"authorization":null') } },
    ]);
    const last = (await observe(threadId)).visits.at(-1);
    expect([last?.headers.accept, last?.headers.authorization]).toEqual(["text/plain", undefined]);
  });

  test.each<[string, object]>([
    ["a host that the thread may not reach", { url: "https://evil.example/", method: "POST" }],
    ["a private address", { url: "https://127.0.0.1/", method: "POST" }],
    ["an address of the cloud's own", { url: "https://169.254.169.254/", method: "PUT" }],
    ["plain HTTP", { url: "http://api.github.com/", method: "POST" }],
    ["another port", { url: "https://api.github.com:8443/", method: "POST" }],
    ["a password in the address", { url: "https://a:b@api.github.com/", method: "POST" }],
    ["a header of the way's own", { url: host, method: "POST", headers: { Host: "evil.example" } }],
    ["a header that would be two", { url: host, method: "POST", headers: { a: "b\r\nc: d" } }],
    ["headers beyond the bound", { url: host, method: "POST", headers: { a: "x".repeat(8_192) } }],
    ["a body beyond the bound", { url: host, method: "POST", body: "é".repeat(200_000) }],
    ["a body where only is read", { url: host, body: "x" }],
    ["a method that is none", { url: host, method: "CONNECT" }],
  ])("A58, A62: refuses %s, and nobody is asked", async (_, input) => {
    const threadId = newThreadId();
    expect(await outcomesOf(threadId, [["http.fetch", input]])).toEqual([{ error: expect.any(String) }]);
  });

  test("holds no more requests of one program than a person looks through", async () => {
    const threadId = newThreadId();
    const control = new AbortController();
    const calls = Array.from({ length: 21 }, () => post(threadId));
    const running = start(threadId, calls, "async () => {}", control.signal).catch(() => null);
    const [pending] = await pendingOf(threadId);
    expect((await seeApproval(threadId, pending?.approvalId))?.requests).toHaveLength(20);
    control.abort();
    await running;
    expect(await visitsOf(threadId)).toEqual([]);
  });
});
