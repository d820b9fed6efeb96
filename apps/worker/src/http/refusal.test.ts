import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { handleRequest } from "../app.ts";
import { observe } from "../testing/observe.testing.ts";
import { newThreadId, nowSeconds, signToken, testBindings } from "../testing/tokens.testing.ts";

const origin = testBindings.APP_ORIGIN;
const restart = (threadId: string) => `/api/sandbox/${threadId}/restart`;

/** A worker of its own, which has refused nobody yet. */
const send = (path: string, init: RequestInit, bindings: Env = { ...env }) =>
  handleRequest(new Request(`http://worker.test${path}`, { method: "POST", ...init }), bindings);

/** The rows about that thread, or about none, which this request has caused. */
const rowsOf = async (response: Response, threadId = "") => {
  const requestId = response.headers.get("x-request-id");
  const { calls } = await observe(threadId);
  return calls.filter(({ path, args }) => path === "audit:append" && args.requestId === requestId);
};

const withToken = (token: string) => ({ headers: { origin, authorization: `Bearer ${token}` } });

describe("O4: a refusal of nobody in particular", () => {
  const threadId = newThreadId();
  const expired = { iat: nowSeconds() - 600, exp: nowSeconds() - 300 };
  test.each([
    ["TokenMissing", () => send(restart(threadId), {})],
    ["TokenMalformed", () => send(restart(threadId), withToken("canary-token"))],
    ["TokenInvalid", () => send(restart(threadId), withToken("canary.token.x"))],
    ["TokenExpired", async () => send(restart(threadId), withToken(await signToken(threadId, { claims: expired })))],
    ["OriginRejected", () => send("/api/model", { method: "GET", headers: { origin: "https://canary.test" } })],
    ["CsrfRejected", () => send(restart(threadId), { headers: { origin: "https://canary.test" } })],
    ["PathRejected", () => send("/canary%2F..", {})],
  ] as const)("%s is one audit row with its tag, and without a word of the request", async (tag, ask) => {
    const response = await ask();
    await expect.poll(() => rowsOf(response)).toHaveLength(1);
    const [row] = await rowsOf(response);
    expect(row?.args).toEqual({
      auditId: expect.stringMatching(new RegExp(`^request\\.refused:${tag}::\\d+$`)),
      at: expect.any(Number),
      requestId: response.headers.get("x-request-id"),
      action: "request.refused",
      outcome: "refused",
      tag,
      count: 1,
    });
    expect(JSON.stringify(row?.args)).not.toMatch(/canary/);
  });

  test("again and again is one row in each minute, told when its count doubles", async () => {
    const bindings = { ...env };
    const responses: Response[] = [];
    for (let n = 0; n < 9; n++) responses.push(await send(restart(threadId), {}, bindings));
    const told = async () => (await Promise.all(responses.map((response) => rowsOf(response)))).flat();
    // The clock may come to the next minute, and so to the next row, between any two of them.
    const countsByRow = async () => {
      const rows = new Map<unknown, unknown[]>();
      for (const { args } of await told()) rows.set(args.auditId, [...(rows.get(args.auditId) ?? []), args.count]);
      return [...rows.values()];
    };
    const inOneMinute = [1, 2, 4, 8];
    await expect.poll(async () => (await countsByRow()).flat().length).toBeGreaterThanOrEqual(inOneMinute.length);
    for (const counts of await countsByRow()) expect(counts).toEqual(inOneMinute.slice(0, counts.length));
  });
});

describe("O4: a refusal of somebody whom a token proves", () => {
  const gone = newThreadId("gone");
  test.each([
    ["ThreadScopeMismatch", newThreadId(), newThreadId()],
    ["NotFound", gone, gone],
  ] as const)("%s is one audit row in their name, and of the thread of their token", async (tag, own, asked) => {
    const response = await send(restart(asked), withToken(await signToken(own)));
    await expect.poll(() => rowsOf(response, own)).toHaveLength(1);
    const [row] = await rowsOf(response, own);
    expect(row?.args).toMatchObject({ actorId: `user_of_${own}`, threadId: own, outcome: "refused", tag, count: 1 });
  });
});

test("an address that does not exist, a method and a good request are no refusals to be audited", async () => {
  const bindings = { ...env };
  const answers = await Promise.all([
    send("/nowhere", {}, bindings),
    send("/health", {}, bindings),
    send("/health", { method: "GET" }, bindings),
  ]);
  // What is audited is sent in order: once this row is there, those would be.
  const last = await send(restart(newThreadId()), {}, bindings);
  await expect.poll(() => rowsOf(last)).toHaveLength(1);
  for (const answer of answers) expect(await rowsOf(answer)).toEqual([]);
});
