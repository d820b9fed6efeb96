import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { handleRequest } from "./app.ts";
import { CloudflareSandbox } from "./cloudflare-sandbox.ts";
import { cloudflareEgressHost } from "./features/sandbox/index.ts";
import { isPlainPath } from "./http/path.ts";
import { observe } from "./testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "./testing/tokens.testing.ts";

const origin = "http://worker.test";
const app = testBindings.APP_ORIGIN;
const decodeWireError = Schema.decodeUnknownOption(WireErrorBody);

const send = (path: string, init: RequestInit = {}) => exports.default.fetch(`${origin}${path}`, init);

const expectRefusal = async (response: Response, tag: ErrorTag) => {
  expect(Option.getOrNull(decodeWireError(await response.clone().json()))?.error._tag).toBe(tag);
  expect(response.status).toBe(errorTable[tag].status);
};

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await send("/health");
});

describe("what everybody may ask", () => {
  test("health answers without a token", async () => {
    const response = await send("/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok", timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test("the page learns which model answers", async () => {
    const response = await send("/api/model", { headers: { origin: app } });
    expect(await response.json()).toEqual({ provider: "demo", id: "demo", label: "Demo model" });
    expect(response.headers.get("access-control-allow-origin")).toBe(app);
  });
});

describe("every answer", () => {
  test.each(["/health", "/api/model", "/nowhere", "/api/sandbox/x/restart"])(
    "of %s is not stored and carries a request id",
    async (path) => {
      const response = await send(path);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    },
  );

  test("that refuses has the shape of the error contract and the id of its request", async () => {
    const response = await send("/nowhere");
    const body = Option.getOrNull(decodeWireError(await response.json()));
    expect(body).toEqual({
      error: {
        _tag: "NotFound",
        message: "There is nothing at this address.",
        requestId: response.headers.get("x-request-id"),
        retryable: false,
      },
    });
  });
});

describe("A25-A27: origins", () => {
  const foreign = [
    "https://evil.test",
    "null",
    `${app}.evil.test`,
    "http://localhost:9999",
    "http://threadbox.localhost",
  ];

  test.each(foreign)("a page at %s reads nothing", async (from) => {
    const response = await send("/api/model", { headers: { origin: from } });
    await expectRefusal(response, "OriginRejected");
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  test.each(foreign)("a page at %s changes nothing, whatever token it has", async (from) => {
    const threadId = newThreadId();
    const headers = { origin: from, authorization: `Bearer ${await signToken(threadId)}` };
    await expectRefusal(await send(`/api/sandbox/${threadId}/restart`, { method: "POST", headers }), "CsrfRejected");
  });

  test.each([...foreign, null])("A25: a socket from %s is not opened, whatever token it has", async (from) => {
    const threadId = newThreadId();
    const headers = { upgrade: "websocket", ...(from === null ? {} : { origin: from }) };
    const response = await send(`/agents/chat/${threadId}?token=${await signToken(threadId)}`, { headers });
    await expectRefusal(response, "OriginRejected");
    expect(response.webSocket).toBeNull();
    expect((await observe(threadId)).calls).toEqual([]);
  });

  test("a socket from the app is opened with the thread's token", async () => {
    const threadId = newThreadId();
    const headers = { upgrade: "websocket", origin: app };
    const response = await send(`/agents/chat/${threadId}?token=${await signToken(threadId)}`, { headers });
    expect(response.status).toBe(101);
    response.webSocket?.accept();
    response.webSocket?.close();
  });

  test.each(["no-cors", "navigate"])("A26: a form-like request (%s) changes nothing", async (mode) => {
    const headers = { "sec-fetch-mode": mode, "content-type": "text/plain" };
    await expectRefusal(
      await send(`/api/sandbox/${newThreadId()}/restart`, { method: "POST", headers }),
      "CsrfRejected",
    );
  });

  test.each(foreign)("a preflight from %s is granted nothing", async (from) => {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
      const headers = {
        origin: from,
        "access-control-request-method": method,
        "access-control-request-headers": "authorization",
      };
      const response = await send(`/api/sandbox/${newThreadId()}/restart`, { method: "OPTIONS", headers });
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });

  test("a preflight from the app is granted the route's methods, and never credentials", async () => {
    const response = await send(`/api/sandbox/${newThreadId()}/restart`, {
      method: "OPTIONS",
      headers: { origin: app },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": app,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "authorization, content-type",
      vary: "Origin",
    });
    expect(response.headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("a machine's route grants no page anything", async () => {
    const response = await send("/internal/model/v1/models", { method: "OPTIONS", headers: { origin: app } });
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("A28: methods", () => {
  test.each(["GET", "HEAD", "PUT", "DELETE", "PATCH"])("%s restarts nothing", async (method) => {
    const threadId = newThreadId();
    const headers = { authorization: `Bearer ${await signToken(threadId)}`, "x-http-method-override": "POST" };
    const response = await send(`/api/sandbox/${threadId}/restart`, { method, headers });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("the way out of a Cloudflare container", () => {
  const relay = (url: string) => {
    const handle = CloudflareSandbox.outboundByHost?.[cloudflareEgressHost];
    return handle?.(new Request(url), env, { containerId: "c", className: "CloudflareSandbox" });
  };

  test("leads to the model gateway, which asks for the sandbox credential", async () => {
    const response = await relay(`http://${cloudflareEgressHost}/model/v1/models`);
    await expectRefusal(response ?? new Response("{}"), "TokenMissing");
  });

  test.each(["/internal/model/v1/models", "/health", "/model/../api/model"])("leads nowhere else: %s", async (path) => {
    expect((await relay(`http://${cloudflareEgressHost}${path}`))?.status).toBe(403);
  });
});

describe("paths", () => {
  test("a plain path means the same before and after decoding", () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        if (isPlainPath(path)) expect(decodeURIComponent(path)).toBe(path);
      }),
    );
  });

  test.each(["/a//b", "/a%2Fb", "/a;b", "/.hidden", "/a/./b/..%2f", "/ä", "//"])("%s is no plain path", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});

describe("a restart", () => {
  test("answers with the state that the page shows, and its alarm looks after it from then on", async () => {
    const threadId = newThreadId();
    const init = { method: "POST", headers: { origin: app, authorization: `Bearer ${await signToken(threadId)}` } };
    const first = await send(`/api/sandbox/${threadId}/restart`, init);
    expect(await first.json()).toMatchObject({ threadId, status: "ready", provider: "local", generation: 1 });
    expect(first.headers.get("access-control-allow-origin")).toBe(app);
    const second = await send(`/api/sandbox/${threadId}/restart`, init);
    expect(await second.json()).toMatchObject({ generation: 2 });
    const rows = () => observe(threadId).then(({ calls }) => calls.filter(({ path }) => path === "audit:append"));
    await expect.poll(rows).toHaveLength(2);

    const threadSandbox = env.THREAD_SANDBOX.getByName(threadId);
    const alarm = await runInDurableObject(threadSandbox, (_, state) => state.storage.getAlarm());
    expect(alarm).not.toBeNull();
    expect(await runDurableObjectAlarm(threadSandbox)).toBe(true);
    expect(await threadSandbox.find()).toMatchObject({ status: "ready", generation: 2 });
  });

  test("hands no password and no credential to the page", async () => {
    const threadId = newThreadId();
    const init = { method: "POST", headers: { authorization: `Bearer ${await signToken(threadId)}` } };
    const body = await (await send(`/api/sandbox/${threadId}/restart`, init)).text();
    const stored = await runInDurableObject(env.THREAD_SANDBOX.getByName(threadId), (_, { storage }) =>
      storage.kv.get("sandbox"),
    );
    const { password } = Schema.decodeUnknownSync(Schema.Struct({ password: Schema.NonEmptyString }))(stored);
    expect(body).not.toContain(password);
    expect(body).not.toContain("eyJ");
  });
});

test("a worker with an unusable configuration answers with an internal error and logs only key names", async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
  const broken = { ...env, APP_ORIGIN: "canary-origin", SANDBOX_NAME_KEY: "canary-key" };
  const response = await handleRequest(new Request(`${origin}/health`), broken);
  spy.mockRestore();
  await expectRefusal(response, "Internal");
  expect(lines.join()).toContain("APP_ORIGIN is not an origin");
  expect(lines.join()).not.toContain("canary");
});

test("requests are logged by their path; a good answer about health is not, a refused question is", async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  for (const [method, path] of [
    ["GET", "/health"],
    ["POST", "/health"],
    ["GET", "/api/model"],
  ] as const) {
    await handleRequest(new Request(`${origin}${path}`, { method, headers: { origin: app } }), env);
  }
  spy.mockRestore();
  const handled = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "request.handled");
  expect(handled.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /health", "GET /api/model"]);
});
