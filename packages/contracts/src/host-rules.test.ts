import { describe, expect, test } from "vitest";
import { isHostRule, readHostRule, readSecretHost, ruleCovers } from "./host-rules.ts";

describe("a host that is typed", () => {
  test.each([
    ["api.example.com", "api.example.com"],
    ["  API.Example.COM. ", "api.example.com"],
    ["example.com:443", "example.com"],
    ["*.example.com", "*.example.com"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["_acme.example.com", "_acme.example.com"],
  ])("%j is kept as %s", (typed, rule) => {
    expect(readHostRule(typed)).toEqual({ rule });
    expect(isHostRule(rule)).toBe(true);
  });

  test.each([
    ["", "empty"],
    ["https://example.com", "more"],
    ["example.com/path", "more"],
    ["user@example.com", "more"],
    ["a.com b.com", "more"],
    ["10.0.0.1", "address"],
    ["127.1", "address"],
    ["2130706433", "address"],
    ["[::1]", "address"],
    ["fe80::1", "address"],
    ["example.com:8443", "port"],
    ["*", "wildcard"],
    ["*.com", "wildcard"],
    ["*example.com", "wildcard"],
    ["a.*.com", "wildcard"],
    ["*.*.example.com", "wildcard"],
    ["localhost", "name"],
    ["0x7f.0x1", "name"],
    ["bücher.example", "name"],
    ["-a.example", "name"],
    ["a..example", "name"],
    [".", "name"],
    [`${"a".repeat(64)}.example`, "name"],
    [`${"a.".repeat(130)}example`, "name"],
  ])("%j is no rule: %s", (typed, problem) => {
    expect(readHostRule(typed)).toEqual({ problem });
  });

  test("is a rule as it is kept in one form only", () => {
    for (const text of ["Example.com", "example.com.", "example.com:443", " example.com"])
      expect(isHostRule(text)).toBe(false);
  });
});

describe("a rule", () => {
  test("with a star is about every host below, at any depth, and never about the name itself or one that only ends alike", () => {
    const covers = (host: string) => ruleCovers("*.example.com", host);
    expect(["a.example.com", "a.b.example.com"].map(covers)).toEqual([true, true]);
    expect(["example.com", ".example.com", "badexample.com", "example.com.evil.test"].map(covers)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test("without one is about that host alone", () => {
    expect(ruleCovers("example.com", "example.com")).toBe(true);
    expect(ruleCovers("example.com", "www.example.com")).toBe(false);
  });
});

describe("a host that a secret may be sent to", () => {
  const named = ["mirror.internal", "127.0.0.1:11434"];

  test.each([
    ["API.example.com", "api.example.com"],
    [" api.example.com:443 ", "api.example.com"],
    ["mirror.internal", "mirror.internal"],
    ["127.0.0.1:11434", "127.0.0.1:11434"],
    ["mirror.internal:443", "mirror.internal"],
  ])("%j is kept as %s", (typed, host) => {
    expect(readSecretHost(typed, named)).toEqual({ host });
  });

  test.each([
    ["10.0.0.1", "address"],
    ["127.0.0.1", "address"],
    ["[::1]", "address"],
    ["a", "name"],
    ["localhost", "name"],
    ["other.internal", "local"],
    ["nas.local", "local"],
    ["api.example.com:8443", "port"],
    ["*.example.com", "wildcard"],
    ["https://api.example.com", "more"],
    ["", "empty"],
  ])("%j is none: %s", (typed, problem) => {
    expect(readSecretHost(typed, named)).toEqual({ problem });
  });
});
