import { env } from "cloudflare:workers";
import { errorTable } from "@threadbox/contracts/errors";
import { describe, expect, test } from "vitest";
import { handleRequest } from "../app.ts";
import { observe } from "../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../testing/tokens.testing.ts";

const origin = testBindings.APP_ORIGIN;

/** A worker whose counters have nothing left for these users, and whose own count nothing. */
const workerWithout = (...users: string[]) => {
  const asked: string[] = [];
  const counter = {
    limit: async ({ key }: RateLimitOptions) => {
      asked.push(key);
      return { success: !users.some((user) => key.endsWith(`:${user}`)) };
    },
  };
  return { asked, env: { ...env, USER_READS: counter, USER_COMMANDS: counter } };
};

const restart = async (bindings: Env, threadId: string, userId: string) =>
  handleRequest(
    new Request(`http://worker.test/api/sandbox/${threadId}/restart`, {
      method: "POST",
      headers: { origin, authorization: `Bearer ${await signToken(threadId, { claims: { user_id: userId } })}` },
    }),
    bindings,
  );

describe("a user who asks too often", () => {
  test("is told when to ask again, and causes one audit row and nothing else", async () => {
    const threadId = newThreadId();
    const userId = `user_${threadId}`;
    const worker = workerWithout(userId);
    const before = await observe(threadId);
    const answers = await Promise.all([1, 2, 3].map(() => restart(worker.env, threadId, userId)));
    for (const answer of answers) {
      expect(answer.status).toBe(errorTable.RateLimited.status);
      expect(answer.headers.get("retry-after")).toBe("60");
      expect(answer.headers.get("access-control-expose-headers")).toContain("retry-after");
      expect(await answer.json()).toMatchObject({
        error: { _tag: "RateLimited", message: "Too many requests. Try again in 60 seconds.", retryable: true },
      });
    }
    const rows = () => observe(threadId).then(({ calls }) => calls.map(({ path, args }) => [path, args.count]));
    await expect.poll(rows).toEqual([
      ["audit:append", 1],
      ["audit:append", 2],
    ]);
    const after = await observe(threadId);
    expect(new Set(after.calls.map(({ args }) => args.auditId)).size).toBe(1);
    expect(after.calls[0]?.args).toMatchObject({ actorId: userId, threadId, tag: "RateLimited", outcome: "refused" });
    expect(after.starts).toBe(before.starts);
    expect(await env.THREAD_SANDBOX.getByName(threadId).find()).toBeNull();
  });

  test("opens no socket and reads no transcript", async () => {
    const threadId = newThreadId();
    const userId = `user_${threadId}`;
    const worker = workerWithout(userId);
    const query = new URLSearchParams({ token: await signToken(threadId, { claims: { user_id: userId } }) });
    for (const [path, headers] of [
      ["", { upgrade: "websocket", origin }],
      ["/get-messages", { origin }],
    ] as const) {
      const request = new Request(`http://worker.test/agents/chat/${threadId}${path}?${query}`, { headers });
      const answer = await handleRequest(request, worker.env);
      expect([answer.status, answer.webSocket, answer.headers.get("retry-after")]).toEqual([429, null, "10"]);
    }
  });

  test("takes nothing from anybody else", async () => {
    const [threadId, mine] = [newThreadId(), newThreadId()];
    const worker = workerWithout(`user_${threadId}`);
    expect((await restart(worker.env, threadId, `user_${threadId}`)).status).toBe(429);
    expect((await restart(worker.env, mine, `user_${mine}`)).status).toBe(200);
  });

  test("is counted under the name in the token alone: a request without a good one counts for nobody", async () => {
    const threadId = newThreadId();
    const worker = workerWithout();
    const headers = { origin, authorization: "Bearer a.b.c", "cf-connecting-ip": "203.0.113.7", "x-user-id": "user_x" };
    const url = `http://worker.test/api/sandbox/${threadId}/restart`;
    const answer = await handleRequest(new Request(url, { method: "POST", headers }), worker.env);
    expect([answer.status, worker.asked]).toEqual([401, []]);
    await restart(worker.env, threadId, "user_y");
    expect(worker.asked).toEqual(["command:user_y"]);
  });

  test("is let in while the counters cannot be asked", async () => {
    const threadId = newThreadId();
    const broken = { limit: () => Promise.reject(new Error("down")) };
    const answer = await restart({ ...env, USER_READS: broken, USER_COMMANDS: broken }, threadId, "user_z");
    expect(answer.status).toBe(200);
  });
});

test("the platform's counter refuses one user, and no other, what is above the limit of wrangler.jsonc", async () => {
  const ask = async (key: string) => (await env.USER_COMMANDS.limit({ key })).success;
  // The period may end meanwhile, so that the limit counts twice.
  const answers = await Promise.all(Array.from({ length: 241 }, () => ask("command:user_flooding")));
  expect(answers.filter((isAdmitted) => isAdmitted).length).toBeGreaterThanOrEqual(120);
  expect(answers).toContain(false);
  expect(await ask("command:user_quiet")).toBe(true);
});
