import type { ChangedFile } from "@threadbox/contracts/changes";
import { expect, test } from "vitest";
import { acceptedFile, acceptedFiles, isAcceptable } from "./accept.ts";
import { hunkText, readHunks } from "./hunks.ts";

const hunks = "@@ -1,2 +1,2 @@ head\n one\n-two\n\\ No newline at end of file\n+TWO\n@@ -9 +9 @@\n-x\r\n+y\r\n";
const file = (more: Partial<ChangedFile> = {}): ChangedFile => ({
  path: "a",
  kind: "file",
  change: "modified",
  additions: 2,
  deletions: 2,
  hunks,
  ...more,
});
const read = (of: ChangedFile) => ({ file: of, hunks: of.hunks === null ? null : readHunks(of.hunks) });

test("a hunk is sent as git wrote it", () => {
  const parts = readHunks(hunks) ?? [];
  expect(parts.map(hunkText).join("")).toBe(hunks);
  expect(acceptedFile(file(), parts[1] ?? null)).toEqual({
    path: "a",
    change: "modified",
    hunks: "@@ -9 +9 @@\n-x\r\n+y\r\n",
    isWhole: false,
  });
});

test("a whole file is all of its hunks; one without lines, or a link, is taken as it is", () => {
  expect(acceptedFile(file(), null)).toMatchObject({ hunks, isWhole: true });
  for (const each of [file({ kind: "link" }), file({ hunks: "" }), file({ hunks: null, additions: null })]) {
    expect(acceptedFile(each, null)).toMatchObject({ hunks: null, isWhole: true });
  }
});

test("what nobody has seen is not accepted", () => {
  expect(isAcceptable(read(file()))).toBe(true);
  expect(isAcceptable(read(file({ hunks: null, additions: null })))).toBe(true);
  expect(isAcceptable(read(file({ hunks: null })))).toBe(false);
  expect(isAcceptable(read(file({ hunks: "no hunk" })))).toBe(false);
  expect(acceptedFiles([read(file()), read(file({ path: "b", hunks: null }))])?.map(({ path }) => path)).toEqual(["a"]);
});

test("more than is accepted at once is refused before it is sent", () => {
  expect(acceptedFiles([read(file({ hunks: `@@ -0,0 +1 @@\n+${"x".repeat(1_048_576)}\n` }))])).toBeNull();
});
