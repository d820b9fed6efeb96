import { describe, expect, test, vi } from "vitest";
import { answer, type Render } from "./answer.ts";
import { webEnvironment } from "./config.testing.ts";
import { decodeWebConfig } from "./config.ts";
import { wireErrorResponse } from "./wire-response.ts";

const config = decodeWebConfig(webEnvironment);
const page: Render = async () => new Response("<p>page</p>", { headers: { "content-type": "text/html" } });
const get = (url: string, init?: RequestInit) => answer(new Request(url, init), config, page);

describe("the web server's answer", () => {
  test("a page is private, unframeable, and runs only scripts of this load", async () => {
    const response = await get("http://threadbox.localhost:3000/t/abc");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}';/);
    expect(policy).not.toContain("unsafe");
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "img-src 'self' blob: data:"])
      expect(policy).toContain(rule);
    expect(policy).toContain(
      "connect-src 'self' http://localhost:8787 ws://localhost:8787 http://localhost:3210 ws://localhost:3210 http://localhost:4100;",
    );
  });

  test("no two loads share a nonce", async () => {
    const [first, second] = await Promise.all([get(`${config.appOrigin}/`), get(`${config.appOrigin}/`)]);
    expect(first.headers.get("content-security-policy")).not.toBe(second.headers.get("content-security-policy"));
  });

  test("a reader at another host name is sent to the app's own, path and query kept", async () => {
    const response = await get("http://localhost:3000/t/abc?x=1");
    expect(response.status).toBe(308);
    expect(response.headers.get("location")).toBe("http://threadbox.localhost:3000/t/abc?x=1");
  });

  test("a redirect never leads elsewhere, whatever the path says", async () => {
    for (const path of ["//evil.test/x", "/\\evil.test", "/@evil.test"]) {
      const response = await get(`http://localhost:3000${path}`);
      expect(new URL(response.headers.get("location") ?? "").origin).toBe(config.appOrigin);
    }
  });

  test("health is answered under any host name", async () => {
    const response = await get("http://127.0.0.1:3000/health");
    expect(await response.json()).toEqual({ status: "ok" });
  });

  test("a change that comes from another site is refused in the wire's form", async () => {
    const response = await get(`${config.appOrigin}/_serverFn/x`, {
      method: "POST",
      headers: { origin: "https://evil.test" },
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { _tag: "OriginRejected", retryable: false } });
  });

  test.each(["PUT", "DELETE", "PATCH"])("%s is not a method of the web server", async (method) => {
    expect((await get(`${config.appOrigin}/`, { method })).status).toBe(405);
  });

  const call = (route: string, body: string, answerOf: Render) =>
    answer(
      new Request(`${config.appOrigin}/api/${route}`, {
        method: "POST",
        headers: { origin: config.appOrigin, "content-type": "application/json" },
        body,
      }),
      config,
      answerOf,
    );
  const body = JSON.stringify({ threadId: "abc" });

  test("what the framework says of its own faults never leaves, and what a route says of its own does", async () => {
    const framework: Render = async () => Response.json({ error: "at x.ts:1" }, { status: 500 });
    const words = await (await call("thread-token", body, framework)).text();
    expect(JSON.parse(words)).toMatchObject({ error: { _tag: "Internal" } });
    expect(words).not.toContain("x.ts");
    const own: Render = async (_, { requestId }) => wireErrorResponse("StoreUnavailable", "Later.", requestId);
    const told = await call("thread-token", body, own);
    expect(told.status).toBe(503);
    expect(await told.json()).toMatchObject({ error: { _tag: "StoreUnavailable", message: "Later." } });
  });

  test("nonsense reaches no framework, and costs one line of log without a word of it", async () => {
    const lines: string[] = [];
    const spies = (["log", "error", "warn", "info"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...said) => void lines.push(said.join(" "))),
    );
    const framework = vi.fn(page);
    const statuses = [
      (await call("nothing", body, framework)).status,
      (await call("thread-token", "{secret", framework)).status,
      (await call("thread-token", `"${"secret".repeat(20_000)}"`, framework)).status,
    ];
    for (const spy of spies) spy.mockRestore();
    expect(statuses).toEqual([404, 400, 413]);
    expect(framework).not.toHaveBeenCalled();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: "web.refused", tag: "NotFound", requestId: expect.any(String) },
      { event: "web.refused", tag: "ValidationError" },
      { event: "web.refused", tag: "BodyTooLarge" },
    ]);
    expect(lines.join()).not.toContain("secret");
  });

  test("a page takes nothing", async () => {
    const response = await answer(
      new Request(`${config.appOrigin}/`, { method: "POST", headers: { origin: config.appOrigin }, body: "x" }),
      config,
      page,
    );
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });

  test("a failure tells a reference and nothing of its cause", async () => {
    const response = await answer(new Request(`${config.appOrigin}/`), config, () =>
      Promise.reject(new Error("/srv/secret: connection to 10.0.0.1 refused")),
    );
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ error: { _tag: "Internal", requestId: expect.any(String) } });
    expect(body).not.toMatch(/secret|10\.0\.0\.1/);
  });
});
