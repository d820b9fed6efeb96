import { expect, test } from "vitest";
import { workspacePathOf } from "./workspace-path.ts";

test.each([
  ["./README.md", "README.md"],
  ["src/a.ts", "src/a.ts"],
  ["/workspace/src/a.ts", "src/a.ts"],
  ["/workspace/a%20b.txt#L10-L20", "a b.txt"],
  ["src/a.ts:12:3", "src/a.ts"],
  ["././/a", "a"],
  ["/etc/passwd", null],
  ["/workspace/../etc/passwd", null],
  ["src/%2e%2e/%2e%2e/etc/passwd", null],
  ["//evil.test/a", null],
  ["https://a.test/b", null],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["~/.ssh/id", null],
  ["a%00b", null],
  ["%zz", null],
  ["#top", null],
  ["", null],
])("%j leads to %j", (href, path) => {
  expect(workspacePathOf(href)).toBe(path);
});
