import type { ChangedFile } from "@threadbox/contracts/changes";
import { expect, test } from "vitest";
import { markOf } from "./viewed.ts";

test("a file that was viewed is to be viewed again once anything about it has changed", () => {
  const file: ChangedFile = { path: "a", kind: "file", change: "modified", additions: 1, deletions: 0, hunks: "+a\n" };
  const others = [
    { ...file, path: "b" },
    { ...file, hunks: "+b\n" },
    { ...file, hunks: null },
    { ...file, additions: 2 },
  ];
  expect(markOf({ ...file })).toBe(markOf(file));
  expect(new Set([file, ...others].map(markOf)).size).toBe(5);
});
