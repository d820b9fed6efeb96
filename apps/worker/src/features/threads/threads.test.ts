import { exports } from "cloudflare:workers";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { errorTable } from "@threadbox/contracts/errors";
import { serviceToken } from "@threadbox/contracts/service-token";
import { Result } from "effect";
import fc from "fast-check";
import { importJWK, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { readToken } from "./carrier.ts";
import { judgeClaims } from "./claims.ts";
import { tokenAttacks } from "./token-attacks.testing.ts";

const origin = "http://worker.test";
const restartPath = (threadId: string) => `${origin}/api/sandbox/${threadId}/restart`;

const send = (url: string, init: RequestInit = {}) => exports.default.fetch(url, { method: "POST", ...init });
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

const expectRefusal = async (response: Response, tag: ErrorTag) => {
  expect({ tag, body: await response.json() }).toMatchObject({ tag, body: { error: { _tag: tag } } });
  expect(response.status).toBe(errorTable[tag].status);
  expect(response.headers.get("cache-control")).toBe("no-store");
};

// The first request loads the worker, which takes its time.
beforeAll(async () => {
  await exports.default.fetch(`${origin}/health`);
});

describe("the thread token at the door", () => {
  test.each(tokenAttacks)("$id: $name", async ({ token, tag }) => {
    const threadId = newThreadId();
    const attempt = await token(threadId);
    const before = await observe(threadId);
    const response = await send(restartPath(threadId), bearer(attempt));
    if (tag === null) return expect(response.status).toBe(200);
    await expectRefusal(response, tag);
    expect(await observe(threadId), "a refused token causes no request of any kind").toEqual(before);
  });

  test.each(tokenAttacks.filter(({ tag }) => tag !== null))("on a socket, $id: $name", async ({ token, tag }) => {
    const threadId = newThreadId();
    const query = new URLSearchParams({ token: await token(threadId) });
    const headers = { upgrade: "websocket", origin: testBindings.APP_ORIGIN };
    const response = await exports.default.fetch(`${origin}/agents/chat/${threadId}?${query}`, { headers });
    expect(response.webSocket).toBeNull();
    await expectRefusal(response, tag ?? "Internal");
  });

  test("A1: without a token nothing is looked up", async () => {
    const threadId = newThreadId();
    const before = await observe(threadId);
    await expectRefusal(await send(restartPath(threadId)), "TokenMissing");
    expect(await observe(threadId)).toEqual(before);
  });

  test("A6: a foreign token leaves one audit row, in the name of its user and its own thread", async () => {
    const own = newThreadId();
    await send(restartPath(newThreadId()), bearer(await signToken(own)));
    const rows = () => observe(own).then(({ calls }) => calls.map(({ path }) => path));
    await expect.poll(rows).toEqual(["audit:append"]);
  });

  test("A6: the answer to a foreign token does not tell whether the thread exists", async () => {
    const token = await signToken(newThreadId());
    const answers = await Promise.all(
      [newThreadId(), newThreadId("gone")].map(async (threadId) => {
        const response = await send(restartPath(threadId), bearer(token));
        const { error } = (await response.json()) as { error: Record<string, unknown> };
        return { status: response.status, ...error, requestId: null };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  test("A15: a deleted thread is not found although its token still lives", async () => {
    const threadId = newThreadId("gone");
    await expectRefusal(await send(restartPath(threadId), bearer(await signToken(threadId))), "NotFound");
  });

  test("while the store is silent the token alone decides", async () => {
    const threadId = newThreadId("storedown");
    const response = await send(restartPath(threadId), bearer(await signToken(threadId)));
    expect(response.status).toBe(200);
  });
});

describe("A7: a path has one reading", () => {
  const [a, b] = [newThreadId(), newThreadId()];
  test.each([
    `${a}%2F..%2F${b}`,
    `${a}/../${b}`,
    `${a}%00`,
    a.toUpperCase(),
    `${a};${b}`,
    `/${a}`,
    `${a}%252e%252e`,
    `${a}%20`,
    a.replace("l", "%6c"),
    `.${a}`,
    "a1",
  ])("%s", async (segment) => {
    const before = await observe(b);
    const response = await send(restartPath(segment), bearer(await signToken(a)));
    const { error } = (await response.json()) as { error: { _tag: ErrorTag } };
    expect(["PathRejected", "ThreadScopeMismatch", "NotFound"]).toContain(error._tag);
    expect(await observe(b)).toEqual(before);
  });
});

describe("A12: one carrier per route", () => {
  const threadId = newThreadId();
  const cases: readonly [string, (token: string) => RequestInit & { query?: string }, ErrorTag][] = [
    ["in the query", (token) => ({ query: `?token=${token}` }), "TokenMissing"],
    ["in another query", (token) => ({ query: `?t=${token}` }), "TokenMissing"],
    ["in a cookie", (token) => ({ headers: { cookie: `token=${token}` } }), "TokenMissing"],
    ["in a header of its own", (token) => ({ headers: { "x-api-key": token } }), "TokenMissing"],
    ["in the WebSocket protocol", (token) => ({ headers: { "sec-websocket-protocol": token } }), "TokenMissing"],
    ["in both places", (token) => ({ ...bearer(token), query: `?token=${token}` }), "TokenMalformed"],
    [
      "twice in one header",
      (token) => ({ headers: { authorization: `Bearer ${token}, Bearer ${token}` } }),
      "TokenMalformed",
    ],
    ["as another scheme", (token) => ({ headers: { authorization: `Basic ${token}` } }), "TokenMalformed"],
  ];
  test.each(cases)("a token %s opens nothing", async (_, make, tag) => {
    const { query = "", ...init } = make(await signToken(threadId));
    await expectRefusal(await send(`${restartPath(threadId)}${query}`, init), tag);
  });

  test("a query route takes its token from the query, once", async () => {
    const token = await signToken(threadId);
    const at = (query: string, init?: RequestInit) =>
      readToken(new Request(`${origin}/agents/chat/${threadId}${query}`, init), "query");
    expect(at(`?token=${token}`)).toEqual(Result.succeed(token));
    const refusals = [
      at(""),
      at(`?token=${token}&token=${token}`),
      at("", bearer(token)),
      at(`?token=${token}`, bearer(token)),
    ];
    expect(refusals.map((result) => (Result.isFailure(result) ? result.failure.wireTag : "open"))).toEqual([
      "TokenMissing",
      "TokenMalformed",
      "TokenMissing",
      "TokenMalformed",
    ]);
  });
});

describe("A14: identity comes from the token alone", () => {
  test("headers and a body that name somebody else change nothing", async () => {
    const threadId = newThreadId();
    const response = await send(restartPath(threadId), {
      headers: {
        authorization: `Bearer ${await signToken(threadId)}`,
        "x-user-id": "user_d",
        "x-thread-id": newThreadId(),
        "cf-connecting-ip": "127.0.0.1",
      },
      body: JSON.stringify({ scopes: ["admin"], threadId: newThreadId() }),
    });
    expect(await response.json()).toMatchObject({ threadId, status: "ready" });
  });
});

describe("claims", () => {
  const base = {
    iss: "threadbox-web",
    aud: "threadbox-worker",
    thread_id: newThreadId(),
    user_id: "u",
    role: "member",
    jti: "j",
  };

  test("whatever the times, an accepted token began no later than in a minute, ends in the future and lives five minutes at most", () => {
    const seconds = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(seconds, seconds, (iat, exp) => {
        const now = 1_800_000_000;
        const isOpen = Result.isSuccess(judgeClaims({ ...base, iat: now + iat, exp: now + exp }, now));
        expect(isOpen).toBe(iat <= 60 && exp > 0 && exp - iat > 0 && exp - iat <= 300);
      }),
    );
  });

  test("no payload of any shape makes the judge throw", () => {
    fc.assert(fc.property(fc.anything(), (payload) => void judgeClaims(payload, 1_800_000_000)));
  });
});

describe("the service token that asks Convex", () => {
  test("is sent with every question and is no thread token", async () => {
    const threadId = newThreadId();
    await send(restartPath(threadId), bearer(await signToken(threadId)));
    const { calls } = await observe(threadId);
    expect(calls.map(({ path }) => path)).toContain("threads:access");
    const token = calls[0]?.token?.replace("Bearer ", "") ?? "";
    await expectRefusal(await send(restartPath(threadId), bearer(token)), "TokenInvalid");
    const key = await importJWK(JSON.parse(testBindings.TEST_SERVICE_TOKEN_PUBLIC_JWK), serviceToken.alg);
    const { issuer, audience, subject } = serviceToken;
    const { payload } = await jwtVerify(token, key, { issuer, audience, subject, algorithms: [serviceToken.alg] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(serviceToken.lifetimeSeconds);
  });
});
