import { describe, expect, test } from "vitest";
import { answer, type Render } from "./answer.ts";
import { webEnvironment } from "./config.testing.ts";
import { decodeWebConfig } from "./config.ts";

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

  test("a server function's fault is told in the wire's form, as is a body that is too large for any", async () => {
    const post = (body: string) =>
      answer(
        new Request(`${config.appOrigin}/_serverFn/x`, {
          method: "POST",
          headers: { origin: config.appOrigin, "content-length": String(body.length) },
          body,
        }),
        config,
        async () => new Response("the framework's own words", { status: 500 }),
      );
    expect(await (await post("{}")).json()).toMatchObject({ error: { _tag: "Internal" } });
    expect(await (await post("x".repeat(70_000))).json()).toMatchObject({ error: { _tag: "BodyTooLarge" } });
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
