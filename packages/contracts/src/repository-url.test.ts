import { describe, expect, test } from "vitest";
import { isBranchName, readRepositoryUrl } from "./repository-url.ts";

describe("an address to clone from", () => {
  test.each([
    [" https://github.com/octocat/Hello-World.git ", "https://github.com/octocat/Hello-World.git", "github.com"],
    ["octocat/Hello-World", "https://github.com/octocat/Hello-World", "github.com"],
    ["HTTPS://GitLab.com:443/a/b/c", "https://gitlab.com/a/b/c", "gitlab.com"],
  ])("%j is %s", (typed, url, host) => {
    expect(readRepositoryUrl(typed)).toEqual({ url, host });
  });

  test.each([
    ["", "empty"],
    ["https://ada:ghp_secret@github.com/a/b", "secret"],
    ["https://ghp_secret@github.com/a/b", "secret"],
    ["http://github.com/a/b", "protocol"],
    ["file:///etc/passwd", "protocol"],
    ["ssh://-oProxyCommand=id/x", "protocol"],
    ["git@github.com:a/b.git", "protocol"],
    ["ext::sh -c id", "form"],
    ["ext::sh", "protocol"],
    ["http://127.0.0.1/x", "protocol"],
    ["https://127.0.0.1/x", "host"],
    ["https://[::1]/x", "host"],
    ["https://2130706433/x", "host"],
    ["https://localhost/x", "host"],
    ["https://github.com:8443/a/b", "host"],
    ["https://*.github.com/a/b", "host"],
    ["https://github.com/", "form"],
    ["https://github.com/a/b?x=1", "form"],
    ["--upload-pack=id", "form"],
    ["/etc", "form"],
    ["../x/y", "form"],
    ["https://github.com/a/b\n-x", "form"],
    [`https://github.com/${"x".repeat(4_000)}`, "form"],
  ])("A49, A65: %j is none", (typed, problem) => {
    expect(readRepositoryUrl(typed)).toEqual({ problem });
  });
});

describe("the name of a branch", () => {
  test.each(["main", "feature/x", "v1.0.2", "release-2026_01", "größe", "issue#12"])("%s is one", (name) => {
    expect(isBranchName(name)).toBe(true);
  });

  test.each([
    "",
    "-oProxyCommand=x",
    "--upload-pack=id",
    "$(id)",
    "`id`",
    "a;id",
    "a b",
    "a\nb",
    "a..b",
    "a//b",
    ".a",
    "a/.b",
    "a.",
    "a/",
    "a.lock",
    "@",
    "a@{1}",
    "a~1",
    "a^",
    "a:b",
    "x".repeat(4_096),
  ])("A49: %j is none", (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});
