import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPair, SignJWT } from "jose";
import { main } from "../support/addresses.ts";
import { durableObjects, doorTest as test } from "../support/door.ts";
import { expect } from "../support/fixtures.ts";
import { keysOf } from "../support/keys.ts";
import { bearer, rawRequest, upgradeHeaders } from "../support/raw-request.ts";
import {
  assembleToken,
  claimsOf,
  importPrivate,
  nowSeconds,
  restartUrl,
  signThreadToken,
} from "../support/thread-token.ts";

const text = new TextEncoder();
const fromApp = { origin: main.appOrigin };

test("the thread's own token opens its routes, so that a refusal means something", async ({ door }) => {
  const threadId = await door.newThread();
  const before = durableObjects();
  const token = await signThreadToken(threadId, door.userId);
  const transcript = `${main.workerUrl}/agents/chat/${threadId}/get-messages?token=${token}`;
  const { status, text: body } = await rawRequest(transcript, { headers: fromApp });
  expect({ status, messages: JSON.parse(body) }).toEqual({ status: 200, messages: [] });
  const socket = `${main.workerUrl}/agents/chat/${threadId}?token=${token}`;
  expect((await rawRequest(socket, { headers: { ...upgradeHeaders, ...fromApp } })).status).toBe(101);
  await expect.poll(() => durableObjects().length).toBeGreaterThan(before.length);
});

test("A1: without a token nothing is answered and nothing is looked up", async ({ door }) => {
  await door.expectRefused({ "no token": null }, "TokenMissing");
});

test("A2: a token without a signature is refused however its algorithm is spelled", async ({ door }) => {
  const claims = claimsOf(await signThreadToken(door.thread, door.userId));
  const { kid } = keysOf().threadToken.private;
  const unsigned = (alg: string) => assembleToken({ alg, typ: "thread+jwt", kid }, claims);
  await door.expectRefused(
    Object.fromEntries(["none", "None", "NONE", "nOnE"].map((alg) => [alg, unsigned(alg)])),
    "TokenInvalid",
  );
});

test("A3: only the pinned algorithm with the installation's own key counts", async ({ door }) => {
  const sign = (alg: string, key: CryptoKey | Uint8Array) =>
    signThreadToken(door.thread, door.userId, { header: { alg }, key });
  const publicKey = JSON.stringify(keysOf().threadToken.public);
  await door.expectRefused(
    {
      "HS256 keyed with the public key": await sign("HS256", text.encode(publicKey)),
      "HS512 keyed with the public key": await sign("HS512", text.encode(publicKey.padEnd(64))),
      "RS256 with a key of one's own": await sign("RS256", (await generateKeyPair("RS256")).privateKey),
      "PS256 with a key of one's own": await sign("PS256", (await generateKeyPair("PS256")).privateKey),
      "ES256 with a key of one's own": await sign("ES256", (await generateKeyPair("ES256")).privateKey),
    },
    "TokenInvalid",
  );
});

test("A4: a token lives at most five minutes, and its times are whole numbers", async ({ door }) => {
  const now = nowSeconds();
  const sign = (claims: Record<string, unknown>) => signThreadToken(door.thread, door.userId, { claims });
  const claims = claimsOf(await sign({}));
  const beyondNumbers = JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400');
  const { kid } = keysOf().threadToken.private;
  await door.expectRefused({ "a second too late": await sign({ iat: now - 200, exp: now - 1 }) }, "TokenExpired");
  await door.expectRefused(
    {
      "no end": await sign({ exp: null }),
      "an end that is text": await sign({ exp: "9999999999" }),
      "a negative end": await sign({ exp: -1 }),
      "an end ten years ahead": await sign({ exp: now + 315_360_000 }),
      "a second more than allowed": await sign({ iat: now, exp: now + 301 }),
      "no beginning": await sign({ iat: null }),
      "a beginning in two minutes": await sign({ iat: now + 120, exp: now + 300 }),
      "an end beyond all numbers": assembleToken({ alg: "ES256", typ: "thread+jwt", kid }, beyondNumbers, "AAAA"),
    },
    "TokenInvalid",
  );
});

test("A6: another thread answers the same bytes whether it exists, is mine, or is nobody's", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  const nobodys = door.thread.replace(/.{8}$/, "00000000");
  const refuse = (threadId: string) => door.expectRefused({ [threadId]: token }, "ThreadScopeMismatch", threadId);
  const mine = await refuse(door.thread);
  expect(new Set(mine).size, "each route says which it is").toBe(mine.length);
  expect(await refuse(door.othersThread)).toEqual(mine);
  expect(await refuse(nobodys)).toEqual(mine);
});

test("A7: there is one reading of a path, and it leads to no other thread", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  const [own, other] = [door.openThread, door.othersThread];
  for (const part of [
    `${own}%2F..%2F${other}`,
    `${own}/../${other}`,
    `${own}%00`,
    `${own};${other}`,
    `/${own}`,
    `${own}%252e%252e`,
  ]) {
    const path = `/api/sandbox/${part}/restart`;
    const { status, text: body } = await rawRequest(main.workerUrl, { method: "POST", path, headers: bearer(token) });
    expect([400, 403, 404], `${path}: ${body}`).toContain(status);
  }
  const upper = await rawRequest(restartUrl(own.toUpperCase()), { method: "POST", headers: bearer(token) });
  expect([400, 403]).toContain(upper.status);
});

test("A9: a token does not say where its key comes from", async ({ door }) => {
  const asked: string[] = [];
  const listener = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(JSON.stringify({ keys: [] }));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair("ES256");
  const sign = (header: Record<string, unknown>, key?: CryptoKey) =>
    signThreadToken(door.thread, door.userId, { header, ...(key ? { key } : {}) });
  const own = keysOf().threadToken.public;
  await door.expectRefused(
    {
      "a path": await sign({ kid: "../../dev/null" }),
      "a query": await sign({ kid: "x' OR 1=1" }),
      "a member of objects": await sign({ kid: "__proto__" }),
      "no key named": await sign({ kid: undefined }),
      "a number": await sign({ kid: 7 }),
      "the service token's key": await sign({ kid: keysOf().serviceToken.private.kid }),
      "key addresses": await sign({ jku: `${address}/jku`, x5u: `${address}/x5u` }, privateKey),
      "an embedded key": await sign({ jwk: own }, privateKey),
    },
    "TokenInvalid",
  );
  listener.close();
  expect(asked).toEqual([]);
});

test("A10: every other token of the product is refused here, and this one everywhere else", async ({ door }) => {
  const keys = keysOf();
  const now = nowSeconds();
  const threadToken = await signThreadToken(door.openThread, door.userId);
  const sandboxCredential = await new SignJWT({ sandbox_name: "x", thread_id: door.thread, generation: 1 })
    .setProtectedHeader({ alg: "HS256", typ: "sandbox+jwt" })
    .setIssuer("threadbox-worker")
    .setAudience("threadbox-model-gateway")
    .setIssuedAt(now)
    .sign(Buffer.from(keys.sandboxCredentialKey, "base64url"));
  const serviceToken = await new SignJWT()
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: keys.serviceToken.private.kid })
    .setIssuer("https://threadbox.invalid/service")
    .setAudience("threadbox-convex")
    .setSubject("service:worker")
    .setIssuedAt(now)
    .setExpirationTime(now + 120)
    .sign(await importPrivate(keys.serviceToken.private));
  const sign = (header: Record<string, unknown>, claims: Record<string, unknown> = {}) =>
    signThreadToken(door.thread, door.userId, { header, claims });
  await door.expectRefused(
    {
      "an access token": door.accessToken,
      "a sandbox credential": sandboxCredential,
      "the service token": serviceToken,
      "a plain JWT": await sign({ typ: "JWT" }),
      "no type": await sign({ typ: undefined }),
      "another audience": await sign({}, { aud: "threadbox-convex" }),
      "another issuer": await sign({}, { iss: "https://api.workos.com" }),
      "a role nobody has": await sign({}, { role: "root" }),
    },
    "TokenInvalid",
  );

  for (const token of [threadToken, sandboxCredential, serviceToken]) {
    const { status } = await door.askForToken(door.openThread, bearer(token));
    expect(status).toBe(401);
  }
  for (const token of [threadToken, door.accessToken, serviceToken, sandboxCredential.replace(/.$/, "A")]) {
    const { status } = await rawRequest(`${main.workerUrl}/internal/model/v1/models`, { headers: bearer(token) });
    expect(status).toBe(401);
  }
  for (const token of [threadToken, sandboxCredential]) {
    const { text: body } = await rawRequest(`${main.convexUrl}/api/query`, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer(token) },
      body: JSON.stringify({
        path: "threads:get",
        format: "convex_encoded_json",
        args: [{ threadId: door.openThread }],
      }),
    });
    expect(body).not.toContain('"success"');
  }
});

test("A11: what is no token in compact form, or too large, is refused before it is decoded", async ({ door }) => {
  const token = await signThreadToken(door.thread, door.userId);
  await door.expectRefused(
    {
      "four parts": `${token}.x`,
      "five parts": "a.b.c.d.e",
      "a trailing dot": `${token}.`,
      "plain base64": "ab+/.ab+/.ab==",
      "no dots": "AAAA",
      "more than 8 kB, well signed": await signThreadToken(door.thread, door.userId, {
        claims: { pad: "x".repeat(8_192) },
      }),
    },
    "TokenMalformed",
  );
  await door.expectRefused({ "parts that are no JSON": "AAAA.AAAA.AAAA" }, "TokenInvalid");
  for (const length of [200_000, 1_000_000]) {
    const huge = await signThreadToken(door.thread, door.userId, { claims: { pad: "x".repeat(length) } });
    const { status } = await rawRequest(restartUrl(door.thread), { method: "POST", headers: bearer(huge) });
    expect([400, 401, 413, 431]).toContain(status);
  }
  expect((await rawRequest(`${main.workerUrl}/health`)).status).toBe(200);
});

test("A12: a route has one carrier for its token; a second one beside it is a conflict", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  const other = await signThreadToken(door.thread, door.userId);
  const transcript = `${main.workerUrl}/agents/chat/${door.openThread}/get-messages`;
  const restart = restartUrl(door.openThread);
  const rows = [
    [`${transcript}?token=${token}`, "GET", bearer(token)],
    [`${transcript}?token=${token}`, "GET", bearer(other)],
    [`${transcript}?token=${token}&token=${other}`, "GET", {}],
    [transcript, "GET", bearer(token)],
    [transcript, "GET", { cookie: `token=${token}` }],
    [transcript, "GET", { "x-api-key": token }],
    [transcript, "GET", { "sec-websocket-protocol": token }],
    [`${restart}?token=${token}`, "POST", {}],
    [`${restart}?token=${token}`, "POST", bearer(token)],
    [restart, "POST", { authorization: `Bearer ${token}, Bearer ${other}` }],
    [restart, "POST", { authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` }],
    [restart, "POST", { cookie: `token=${token}` }],
  ] as const;
  for (const [address, method, headers] of rows) {
    const { status, text: body } = await rawRequest(address, { method, headers: { ...headers } });
    expect({ status, row: [new URL(address).pathname, Object.keys(headers)], body }).toMatchObject({ status: 401 });
  }
});

test("A14: a client's own words about who it is are not listened to", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.otherUserId);
  const headers = { "x-user-id": door.userId, "x-thread-id": door.openThread, "x-threadbox-user": door.userId };
  const address = `${main.workerUrl}/agents/chat/${door.openThread}/get-messages?token=${token}&user_id=${door.userId}`;
  expect((await rawRequest(address, { headers })).status).toBe(404);
});

test("A15: a token outlives its thread by nothing", async ({ door }) => {
  const threadId = await door.newThread();
  const token = await signThreadToken(threadId, door.userId);
  const address = `${main.workerUrl}/agents/chat/${threadId}/get-messages?token=${token}`;
  expect((await rawRequest(address)).status).toBe(200);
  await door.removeThread(threadId);
  expect((await rawRequest(address)).status).toBe(404);
});
