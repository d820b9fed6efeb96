import { viewOrigin } from "@threadbox/contracts/views";
import { describe, expect, test } from "vitest";
import { refuseServerRequest, serverAnswerHeaders, serverHeaders, serverLocation } from "./server-rules.ts";

const appOrigin = "http://threadbox.localhost:3000";
const url = new URL("http://label.sbx.threadbox.localhost:8787/a");

describe("what a server inside hears", () => {
  test("what its page says, and its own cookies", () => {
    const heard = serverHeaders(
      new Headers({
        accept: "text/html",
        "hx-request": "true",
        "content-type": "application/json",
        cookie: `a=1; ${viewOrigin.cookie}=secret; b=2`,
        origin: url.origin,
      }),
    );
    expect(Object.fromEntries(heard)).toEqual({
      accept: "text/html",
      "accept-encoding": "identity",
      "content-type": "application/json",
      cookie: "a=1; b=2",
      "hx-request": "true",
      origin: url.origin,
    });
  });

  test("nothing of the view's cookie, of the way, or of the control channel", () => {
    const names = ["authorization", "referer", "x-forwarded-for", "x-sandbox-generation", "x-forward-authorization"];
    const heard = serverHeaders(
      new Headers([["cookie", `${viewOrigin.cookie}=x`], ...names.map((name) => [name, "x"])] as [string, string][]),
    );
    expect(Object.fromEntries(heard)).toEqual({ "accept-encoding": "identity" });
  });
});

describe("what a browser gets of a server's answer", () => {
  const answer = (headers: [string, string][]) => serverAnswerHeaders(new Headers(headers), appOrigin);

  test("cookies for its own origin alone, and none in the place of the view's", () => {
    const headers = answer([
      ["set-cookie", "a=1; Domain=sbx.threadbox.localhost; Path=/"],
      ["set-cookie", `${viewOrigin.cookie}=mine; Path=/`],
    ]);
    expect(headers.getSetCookie()).toEqual(["a=1; Path=/"]);
  });

  test("nothing that opens it to other origins, outlives it, or forbids its frame", () => {
    const headers = answer([
      ["access-control-allow-origin", "*"],
      ["service-worker-allowed", "/"],
      ["clear-site-data", '"*"'],
      ["x-frame-options", "DENY"],
      ["strict-transport-security", "max-age=1"],
      ["cross-origin-resource-policy", "cross-origin"],
      ["x-powered-by", "itself"],
    ]);
    for (const name of [
      "access-control-allow-origin",
      "service-worker-allowed",
      "clear-site-data",
      "x-frame-options",
      "strict-transport-security",
    ])
      expect(headers.has(name)).toBe(false);
    expect([headers.get("cross-origin-resource-policy"), headers.get("x-powered-by")]).toEqual([
      "same-origin",
      "itself",
    ]);
  });

  test("that its own forms say where they come from, and links elsewhere do not", () => {
    expect(answer([["referrer-policy", "unsafe-url"]]).get("referrer-policy")).toBe("same-origin");
  });

  test("a policy that lets the app alone frame it, with the page's own beside it", () => {
    const policy = answer([["content-security-policy", "default-src 'self'; frame-ancestors 'none'; img-src *"]]).get(
      "content-security-policy",
    );
    expect(policy).toContain(`frame-ancestors ${appOrigin}`);
    expect(policy).toContain("default-src 'self'; img-src *");
    expect(policy?.match(/frame-ancestors/g)).toHaveLength(1);
  });
});

test("a server's redirects stay within its view, by whichever of its names", () => {
  const own = serverLocation(5173);
  expect(own("http://127.0.0.1:5173/login?a=1#b", url)).toBe("/login?a=1#b");
  expect(own("http://localhost:5173/", url)).toBe("/");
  expect(own("next", url)).toBe("/next");
  for (const away of ["http://localhost:4096/", "https://evil.test/", "//evil.test/x", "http://localhost/"])
    expect(own(away, url)).toBeNull();
});

test("methods that no page has", () => {
  expect(refuseServerRequest({ method: "TRACE" })).toBe("MethodNotAllowed");
  expect(refuseServerRequest({ method: "DELETE" })).toBeNull();
});
