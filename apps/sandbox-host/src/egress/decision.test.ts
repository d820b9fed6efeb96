import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideRequest, hostWanted, tunnelHost } from "./decision.ts";
import { isPublicAddress } from "./public-address.ts";

describe("requests out of a sandbox", () => {
  test("the model gateway is reached with path and query", () => {
    expect(decideRequest("POST", "/model/v1/chat/completions?a=1")).toEqual({
      kind: "model",
      path: "/v1/chat/completions?a=1",
    });
  });

  test.each([
    "/",
    "/model",
    "/modelx/v1",
    "/v1/health",
    "/model/../internal/secrets",
    "/model/../sandbox-host/ended",
    "/model/%2e%2e/internal/secrets",
    "/model/..%2finternal",
    "/model/%5c..",
    "/model\\..\\internal",
    "http://127.0.0.1:8787/internal/model",
    "http://example.com/",
    "//example.com/model/",
    "*",
    "",
  ])("%s is refused", (target) => {
    expect(decideRequest("GET", target).kind).toBe("refuse");
  });

  test("the server of programs is reached at exactly its path", () => {
    expect(decideRequest("POST", "/mcp")).toEqual({ kind: "codemode", path: "/internal/codemode/mcp" });
    for (const target of [
      "/mcp/",
      "/mcp?a=1",
      "//mcp",
      "/mcp/../internal/secrets",
      "/internal/codemode/mcp",
      "/internal/codemode/execute",
      "/api/codemode/execute/",
      "/api/codemode/execute?a=1",
    ])
      expect(decideRequest("POST", target).kind).toBe("refuse");
  });

  test("a program is run by a POST to exactly the path of the worker's own route", () => {
    expect(decideRequest("POST", "/api/codemode/execute")).toEqual({
      kind: "codemode",
      path: "/internal/codemode/execute",
    });
    expect(decideRequest("GET", "/api/codemode/execute")).toMatchObject({ kind: "refuse", tag: "MethodNotAllowed" });
  });

  test("S1.28: the worker's address in a container's network is the relay, as far as its paths go, and no way to anywhere else", () => {
    for (const path of [
      "/internal/secrets",
      "/model/v1/models",
      "/internal/secrets?a=1",
      "//example.com/",
      "/v1/health",
    ])
      expect(decideRequest("POST", `http://10.1.0.1:8787${path}`)).toEqual(decideRequest("POST", path));
    for (const target of [
      "http://10.1.0.1:8787",
      "http://10.1.0.1/internal/secrets",
      "http://10.1.0.1:8788/internal/secrets",
      "http://10.1.0.10:8787/internal/secrets",
      "http://x@10.1.0.1:8787/internal/secrets",
      "http://example.com/http://10.1.0.1:8787/internal/secrets",
    ])
      expect(decideRequest("POST", target).kind).toBe("refuse");
  });

  test.each([
    ["POST", "/internal/secrets"],
    ["GET", "/api/internal/secrets/MODEL_API_KEY"],
  ])("%s %s asks the worker for secrets, and no other method does", (method, path) => {
    expect(decideRequest(method, path)).toEqual({ kind: "secrets", path });
    for (const other of ["GET", "POST", "PUT", "DELETE"].filter((name) => name !== method)) {
      expect(decideRequest(other, path)).toMatchObject({ kind: "refuse", tag: "MethodNotAllowed" });
    }
  });

  test.each([
    "/internal/secrets/",
    "/internal/secrets?a=1",
    "/internal/secrets/MODEL_API_KEY",
    "/internal//secrets",
    "/internal/sandbox-host/ended",
    "/api/internal/secrets",
    "/api/internal/secrets/",
    "/api/internal/secrets/..",
    "/api/internal/secrets/../../admin/secrets",
    "/api/internal/secrets/A%2F..%2Fadmin",
    "/api/internal/secrets/A/B",
    "/api/admin/secrets",
  ])("%s is no way to a secret", (target) => {
    for (const method of ["GET", "POST"]) expect(decideRequest(method, target).kind).toBe("refuse");
  });

  test("only GET and POST reach the model gateway", () => {
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
      expect(decideRequest(method, "/model/v1/models")).toMatchObject({ kind: "refuse", tag: "MethodNotAllowed" });
    }
  });

  test("no target leads to a path with a dot segment", () => {
    const piece = fc.constantFrom("/", "..", ".", "%2e", "%2E", "%2f", "\\", "model", "v1", "?", "#", "@", ":");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const decision = decideRequest("GET", `/model/${pieces.join("")}`);
        if (decision.kind !== "model") return;
        const path = decision.path.split("?")[0] ?? "";
        expect(path.startsWith("/")).toBe(true);
        expect(path.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part))).toBe(false);
      }),
    );
  });
});

describe("tunnels out of a sandbox", () => {
  test("lead to port 443 of a host's name, in lower case", () => {
    expect(tunnelHost("Registry.npmjs.org:443")).toBe("registry.npmjs.org");
    expect(tunnelHost("xn--bcher-kva.example:443")).toBe("xn--bcher-kva.example");
  });

  test.each([
    "registry.npmjs.org:80",
    "registry.npmjs.org",
    "registry.npmjs.org.:443",
    "localhost:443",
    "127.0.0.1:443",
    "0x7f.1:443",
    "[::1]:443",
    "user@registry.npmjs.org:443",
    "registry.npmjs.org:443:443",
    ".npmjs.org:443",
    "npmjs..org:443",
    `${"a.".repeat(130)}org:443`,
  ])("%s leads nowhere", (authority) => {
    expect(tunnelHost(authority)).toBeNull();
  });

  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.17.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fd00::1",
  ])("an allowed name that resolves to %s is not connected to", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test("public addresses are connected to", () => {
    expect(isPublicAddress("104.16.0.1")).toBe(true);
    expect(isPublicAddress("2606:4700::1")).toBe(true);
  });
});

describe("what the log names of a refused request", () => {
  test.each([
    ["registry.npmjs.org:443", "registry.npmjs.org:443"],
    ["Registry.NPMJS.org:443", "registry.npmjs.org:443"],
    ["[2001:db8::1]:443", "[2001:db8::1]:443"],
    ["http://example.com:8080/secret?token=secret#secret", "example.com:8080"],
    ["http://secret:secret@example.com/", "example.com"],
    ["secret@secret@example.com:443", "example.com:443"],
    ["example.com\\secret", "example.com"],
    ['a\u001b[31m\r\n{"x":1}:443', "a?[31m????x?:1?:443"],
    ["xn--é\u202e.test:443", "xn--??.test:443"],
    ["", ""],
    ["/model/../secret", undefined],
    ["//secret.example", undefined],
  ])("%j is %j", (target, host) => {
    expect(hostWanted(target)).toBe(host);
  });

  test("is short, however long it was", () => {
    expect(hostWanted(`${"a".repeat(10_000)}:443`)).toBe(`${"a".repeat(120)}…`);
  });
});
