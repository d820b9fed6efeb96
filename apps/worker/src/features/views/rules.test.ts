import { viewOrigin } from "@threadbox/contracts/views";
import { describe, expect, test } from "vitest";
import {
  answerHeadersOf,
  ownLocation,
  readViewCookie,
  refuseOpenCodeRequest,
  refuseViewRequest,
  upstreamHeaders,
  upstreamPath,
} from "./rules.ts";

const origin = "http://label.sbx.threadbox.localhost:8787";
const appOrigin = "http://threadbox.localhost:3000";
const judge = (method: string, path: string, headers: Record<string, string> = {}) => {
  const facts = { method, url: new URL(`${origin}${path}`), headers: new Headers(headers) };
  return refuseViewRequest(facts) ?? refuseOpenCodeRequest(facts);
};

const own = { "sec-fetch-site": "same-origin", origin };

describe("who may ask", () => {
  test("the view's own page reads, writes and connects", () => {
    expect(judge("GET", "/session", { "sec-fetch-site": "same-origin" })).toBeNull();
    expect(judge("POST", "/session", own)).toBeNull();
    expect(judge("GET", "/pty/pty_1/connect", { ...own, upgrade: "websocket" })).toBeNull();
  });

  test("a person may be sent to it, by the app or an address bar", () => {
    for (const site of ["same-site", "none", "cross-site"]) {
      expect(judge("GET", "/", { "sec-fetch-site": site, "sec-fetch-mode": "navigate" })).toBeNull();
    }
  });

  test.each([
    ["another sandbox's page", { "sec-fetch-site": "same-site", origin: "http://other.sbx.threadbox.localhost:8787" }],
    ["the app", { "sec-fetch-site": "same-site", origin: appOrigin }],
    ["a foreign page", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["a page without origin", { "sec-fetch-site": "cross-site", origin: "null" }],
    ["nobody in particular", {}],
  ] as const)("%s changes nothing and opens no connection", (_, headers) => {
    expect(judge("POST", "/session", headers)).toBe("CsrfRejected");
    expect(judge("DELETE", "/session/s", headers)).toBe("CsrfRejected");
    expect(judge("POST", "/session", { ...headers, "sec-fetch-mode": "navigate" })).toBe("CsrfRejected");
    expect(judge("GET", "/pty/p/connect", { ...headers, upgrade: "WebSocket" })).toBe("OriginRejected");
  });

  test("another sandbox's page does not read", () => {
    expect(judge("GET", "/file/content", { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" })).toBe(
      "CsrfRejected",
    );
    expect(judge("GET", "/session", { origin: "http://other.sbx.threadbox.localhost:8787" })).toBe("CsrfRejected");
  });

  test("nobody installs a service worker", () => {
    expect(judge("GET", "/sw.js", { ...own, "service-worker": "script" })).toBe("CapabilityDenied");
  });
});

describe("A39: what is closed", () => {
  test.each([
    ["PUT", "/auth/openai"],
    ["GET", "/auth"],
    ["POST", "/global/dispose"],
    ["POST", "/global/upgrade"],
    ["POST", "/instance/dispose"],
    ["PATCH", "/config"],
    ["PATCH", "/global/config"],
    ["PUT", "/api/config"],
    ["POST", "/provider/openai/oauth/authorize"],
    ["GET", "/api/integration/openai"],
    ["GET", "/api/credential"],
    ["GET", "/file/content?path=../../home/.local/share/opencode/auth.json"],
    ["GET", "/file/content?path=AUTH.JSON"],
    ["GET", "/find/file?query=auth.json"],
  ])("%s %s", (method, path) => {
    expect(judge(method, path, own)).toBe("CapabilityDenied");
  });

  test.each(["/%61uth/openai", "//auth", "/a%2fb", "/a;b", "/a%00", "/a//b"])("%s has no single reading", (path) => {
    expect(judge("GET", path, own)).toBe("PathRejected");
  });

  test("what reads the configuration, or only sounds alike, stays open", () => {
    for (const path of ["/config", "/provider/auth", "/authors", "/session/ses_1/message", "/assets/index-Xy_1.js"]) {
      expect(judge("GET", path, own)).toBeNull();
    }
  });

  test("methods that no page needs", () => {
    for (const method of ["OPTIONS", "PROPFIND"]) expect(judge(method, "/session", own)).toBe("MethodNotAllowed");
  });
});

describe("what OpenCode is sent", () => {
  test("A38: every directory is this thread's workspace", () => {
    const path = (query: string) => upstreamPath(new URL(`${origin}/file${query}`));
    expect(path("")).toBe("/file");
    expect(path("?directory=/etc&path=a")).toBe("/file?directory=%2Fworkspace&path=a");
    expect(path("?directory=/etc&directory=/")).toBe("/file?directory=%2Fworkspace");
    expect(path("?location[directory]=/")).toBe("/file?location%5Bdirectory%5D=%2Fworkspace");
    expect(path("?auth_token=x&path=a")).toBe("/file?path=a");
  });

  test("A38, A40, A41: none of the browser's credentials, addresses or forged facts", () => {
    const headers = upstreamHeaders(
      new Headers({
        accept: "text/html",
        authorization: "Basic canary",
        cookie: "canary=1",
        origin,
        referer: `${origin}/canary`,
        "x-forwarded-for": "canary",
        "cf-connecting-ip": "127.0.0.1",
        "x-opencode-directory": "/etc",
        "x-sandbox-generation": "99",
        connection: "x-internal-secret",
      }),
    );
    expect([...headers.keys()].sort()).toEqual(["accept", "accept-encoding", "x-opencode-directory"]);
    expect(headers.get("x-opencode-directory")).toBe("%2Fworkspace");
  });
});

describe("what a browser is sent", () => {
  test("nothing that a sandbox says of cookies, framing, other origins or service workers", () => {
    const hostile = new Headers({
      "content-type": "text/html",
      "set-cookie": "session=canary; Domain=.threadbox.localhost",
      "access-control-allow-origin": "*",
      "service-worker-allowed": "/",
      "x-frame-options": "ALLOWALL",
      "clear-site-data": '"*"',
      "strict-transport-security": "max-age=1",
      refresh: "0; url=https://evil.test",
      link: "<https://evil.test>; rel=preload",
      "content-security-policy": "frame-ancestors *",
    });
    const headers = answerHeadersOf(hostile, appOrigin);
    expect([...headers.keys()].sort()).toEqual([
      "content-security-policy",
      "content-type",
      "cross-origin-opener-policy",
      "cross-origin-resource-policy",
      "origin-agent-cluster",
      "permissions-policy",
      "referrer-policy",
      "x-content-type-options",
    ]);
    // Policies only ever add up: the app alone frames it, whatever else is said.
    expect(headers.get("content-security-policy")).toContain(`frame-ancestors ${appOrigin}`);
  });

  test("A42: no redirect leads out of the view's origin", () => {
    const url = new URL(`${origin}/a`);
    expect(ownLocation("/b?c=1", url)).toBe("/b?c=1");
    for (const location of ["https://evil.test", "//evil.test/x", "http://127.0.0.1:8787/internal", "javascript:1"]) {
      expect(ownLocation(location, url)).toBeNull();
    }
  });
});

test("a cookie that is there twice is none", () => {
  const cookie = (text: string) => readViewCookie(new Headers({ cookie: text }));
  expect(cookie(`a=1; ${viewOrigin.cookie}=good; b=2`)).toBe("good");
  expect(cookie(`${viewOrigin.cookie}=one; ${viewOrigin.cookie}=two`)).toBeNull();
  expect(cookie("threadbox-view=one")).toBeNull();
});
