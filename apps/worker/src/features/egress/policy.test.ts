import type { CommonPolicy, ThreadPolicy } from "@threadbox/contracts/egress-policy";
import { describe, expect, test } from "vitest";
import { decideHost } from "./decision.ts";
import { findDenial, firstPolicy, plainThread } from "./policy.ts";
import { policyChange } from "./policy-change.ts";

const denial = (host: string, common: Partial<CommonPolicy> = {}, thread: Partial<ThreadPolicy> = {}) =>
  findDenial({ common: { ...firstPolicy, ...common }, thread: { ...plainThread, ...thread } }, host);

describe("until somebody says otherwise", () => {
  test("a thread reaches package registries and git hosts, and what its owner adds", () => {
    expect(["pypi.org", "github.com", "registry.npmjs.org"].map((host) => denial(host))).toEqual([null, null, null]);
    expect(denial("api.example.com")).toBe("unlisted");
    expect(denial("api.example.com", {}, { hosts: ["api.example.com"] })).toBeNull();
    expect(denial("api.example.com", {}, { hosts: ["*.example.com"] })).toBeNull();
    expect(denial("example.com", {}, { hosts: ["*.example.com"] })).toBe("unlisted");
  });
});

describe("what an admin says", () => {
  test("opens every host, hosts of a list, or not even registries", () => {
    expect(denial("anything.example", { mode: "open" })).toBeNull();
    expect(denial("a.corp.example", { hosts: ["*.corp.example"] })).toBeNull();
    expect(denial("pypi.org", { hasStandardHosts: false })).toBe("unlisted");
  });

  test("is the bound of what an owner may add, also of what was added before", () => {
    const hosts = ["api.example.com", "pypi.org"];
    expect(denial("api.example.com", { canOwnersAdd: false }, { hosts })).toBe("closed");
    expect(denial("pypi.org", { canOwnersAdd: false }, { hosts })).toBeNull();
    expect(denial("other.example", { canOwnersAdd: false })).toBe("closed");
  });
});

test("an owner narrows a thread to its own hosts, whatever an admin opens", () => {
  const own = { reach: "own", hosts: ["api.example.com"] } as const;
  for (const mode of ["open", "list"] as const) {
    expect(denial("api.example.com", { mode }, own)).toBeNull();
    expect(denial("pypi.org", { mode }, own)).toBe("narrowed");
  }
  expect(denial("evil.test", {}, own)).toBe("unlisted");
});

test("a host with a secret is intercepted whatever the policy says, so that nothing reaches it without", () => {
  const policy = { common: { ...firstPolicy, mode: "open" }, thread: { reach: "own", hosts: [] } } as const;
  expect(decideHost({ host: "api.test", isIntercepted: true, policy })).toEqual({ verdict: "intercept" });
  expect(decideHost({ host: "api.test", isIntercepted: false, policy })).toMatchObject({
    verdict: "deny",
    cause: "narrowed",
  });
});

test("a change is told in sentences, and never without end", () => {
  const many = Array.from({ length: 12 }, (_, index) => `h${index}.test`);
  expect(policyChange(firstPolicy, firstPolicy)).toBe("Nothing changed.");
  expect(policyChange(firstPolicy, { ...firstPolicy, mode: "open", canOwnersAdd: false, hosts: ["a.test"] })).toBe(
    "Every host is open. Owners may not add hosts. Added a.test.",
  );
  expect(policyChange({ ...firstPolicy, hosts: many }, firstPolicy)).toMatch(/^Removed h0\.test, .* and 2 more\.$/);
});
