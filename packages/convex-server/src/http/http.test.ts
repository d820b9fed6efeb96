import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fixture, signToken, startFixture, testOrigin } from "../server.testing.ts";

describe("HTTP", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${fixture.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });

  test("health tells how much is there", async () => {
    const response = await fetch(`${fixture.url}/health`);
    expect(await response.json()).toMatchObject({ status: "ok", tables: 7 });
  });

  test("a function of any kind can be called by path", async () => {
    const response = await post("/api/function", { path: "counters:increment", args: { name: "any" } });
    expect(await response.json()).toMatchObject({ status: "success", value: 1 });
  });

  test.each(["messages.js:bodies", "messages:bodies"])("the path %s names the same function", async (path) => {
    const response = await post("/api/query", { path, args: [{ thread: "none" }] });
    expect(await response.json()).toMatchObject({ status: "success", value: [] });
  });

  test("a function that fails answers 560 with its data", async () => {
    const response = await post("/api/mutation", {
      path: "messages:refuse",
      format: "convex_encoded_json",
      args: [{ code: { $integer: "BQAAAAAAAAA=" } }],
    });
    expect(response.status).toBe(560);
    expect(await response.json()).toMatchObject({
      status: "error",
      errorData: { code: { $integer: "BQAAAAAAAAA=" }, reason: "refused" },
    });
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no path", JSON.stringify({ args: {} })],
    ["an unknown format", JSON.stringify({ path: "counters:get", format: "xml" })],
  ])("a body with %s is 400", async (_, body) => {
    expect((await fetch(`${fixture.url}/api/query`, { method: "POST", body })).status).toBe(400);
  });

  test("a query cannot be run as a mutation", async () => {
    const response = await post("/api/mutation", { path: "counters:get", args: { name: "x" } });
    expect(await response.json()).toMatchObject({ errorMessage: expect.stringContaining("it is defined as query") });
  });

  test("the app's origin is let in, with the headers that the client sends", async () => {
    const response = await fetch(`${fixture.url}/api/query`, {
      method: "OPTIONS",
      headers: {
        origin: testOrigin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,convex-client",
      },
    });
    expect(response.headers.get("access-control-allow-origin")).toBe(testOrigin);
    expect(response.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("convex-client");
  });

  test("another origin is refused before anything runs", async () => {
    const call = { path: "counters:increment", args: { name: "cross" } };
    expect((await post("/api/mutation", call, { origin: "http://evil.test" })).status).toBe(403);
    const response = await post("/api/query", { path: "counters:get", args: { name: "cross" } });
    expect(await response.json()).toMatchObject({ value: 0 });
  });

  test("an HTTP action gets the request and makes the response", async () => {
    const response = await fetch(`${fixture.url}/http/echo`, {
      method: "POST",
      headers: { "x-name": "Ada" },
      body: "hi",
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-answer")).toBe("yes");
    expect(await response.text()).toBe("Ada: hi");
  });

  test("an HTTP action is routed by prefix and may write", async () => {
    const url = `${fixture.url}/http/count/by-prefix`;
    await fetch(url);
    expect(await (await fetch(url)).json()).toBe(2);
  });

  test("an HTTP action that throws is 500 and keeps its reason", async () => {
    const response = await fetch(`${fixture.url}/http/broken`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: expect.stringMatching(/^\[Request ID: [0-9a-f]{16}\] Server Error$/),
    });
  });

  test.each(["Bearer helloworld", "a", "Basic dTpw"])(
    "an Authorization header that is the action's own (%s) reaches it, and nobody is signed in",
    async (authorization) => {
      const response = await fetch(`${fixture.url}/http/who`, { headers: { authorization } });
      expect(await response.json()).toEqual({ header: authorization, identity: null });
    },
  );

  test("a token of a provider's signs in", async () => {
    const headers = { authorization: `Bearer ${await signToken({ subject: "ada" })}` };
    const response = await fetch(`${fixture.url}/http/who`, { headers });
    expect(await response.json()).toMatchObject({ identity: { subject: "ada" } });
  });

  test.each(["DELETE", "PATCH", "PUT", "OPTIONS"])("an HTTP action is routed by the method %s", async (method) => {
    const response = await fetch(`${fixture.url}/http/method`, { method });
    expect([response.status, await response.text()]).toEqual([200, method]);
    expect((await fetch(`${fixture.url}/http/method`)).status).toBe(404);
  });

  test("HEAD is answered as GET, without a body", async () => {
    const response = await fetch(`${fixture.url}/http/who`, { method: "HEAD" });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "application/json",
      "",
    ]);
  });

  test("the root is a path as any other", async () => {
    const response = await fetch(`${fixture.url}/http/`, { method: "POST", body: "Hello" });
    expect(await response.text()).toBe("Hello");
  });

  test.each([
    ["/files/x", "any file"],
    ["/files/of/x", "a file of somebody"],
    ["/files/of/ada", "Ada's files"],
    ["/files/of/ada/x", "a file of somebody"],
  ])("%s is routed to what says most of it", async (path, text) => {
    expect(await (await fetch(`${fixture.url}/http${path}`)).text()).toBe(text);
  });

  test("several cookies are several headers", async () => {
    const response = await fetch(`${fixture.url}/http/cookies`);
    expect([response.status, response.headers.getSetCookie()]).toEqual([204, ["a=1", "b=2"]]);
  });

  test("a reader who leaves in the middle of a response harms nobody", async () => {
    const aborted = new AbortController();
    const response = await fetch(`${fixture.url}/http/large`, { signal: aborted.signal });
    await response.body?.getReader().read();
    aborted.abort();
    expect(await (await fetch(`${fixture.url}/http/large`)).text()).toHaveLength(64 << 16);
  });

  test("an HTTP action answers with 20 MiB at most; more breaks off", async () => {
    const whole = await fetch(`${fixture.url}/http/large?parts=320`);
    expect((await whole.arrayBuffer()).byteLength).toBe(20 << 20);
    const cut = await fetch(`${fixture.url}/http/large?parts=321`);
    await expect(cut.arrayBuffer()).rejects.toThrow();
  });

  test("a path without HTTP action is 404", async () => {
    expect((await fetch(`${fixture.url}/http/nowhere`)).status).toBe(404);
  });
});
