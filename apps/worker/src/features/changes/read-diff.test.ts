import { describe, expect, test } from "vitest";
import { readDiff, readRoots } from "./read-diff.ts";

const commit = "dc362502eefb506cb252b849b050e8c436d64c32";
const [blob, none] = ["78981922613b2afb6025042ff6bd878ac1994e85", "0".repeat(40)];
const raw = (letter: string, path: string, [before, after] = ["100644", "100644"]) =>
  `:${before} ${after} ${blob} ${none} ${letter}\0${path}\0`;
const section = (name: string, rest: string) => `diff --git a/${name} b/${name}\nindex 1..2 100644\n${rest}`;

describe("what git says of a root", () => {
  test("each file has its change, its counts and its own hunks, whatever its name and its lines look like", () => {
    const named = 'we"ird\n\t☃';
    const lines = "@@ -1 +1,3 @@\n a\n+diff --git a/x b/x\n+@@ -1 +1 @@\n";
    const stdout = [
      `${commit}\0accepted\x001700000000 turn_1 Fix it\x001600000000 turn_0\x001500000000 n/o\0\0${raw("M", "a")}${raw("A", named)}${raw("D", "l", ["120000", "000000"])}${raw("M", "bin")}`,
      `2\t0\ta\0\x31\t0\t${named}\0\x30\t1\tl\0-\t-\tbin\0\0`,
      section("a", `--- a/a\n+++ b/a\n${lines}`),
      section("w", "--- /dev/null\n+++ b/w\n@@ -0,0 +1 @@\n+n\n"),
      section("l", "--- a/l\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n"),
      section("bin", "Binary files a/bin and b/bin differ\n"),
    ].join("");
    expect(readDiff({ stdout, isTruncated: false })).toEqual({
      commit,
      hasAccepted: true,
      turns: [
        { turnId: "turn_1", title: "Fix it", endedAt: 1_700_000_000_000 },
        { turnId: "turn_0", title: "", endedAt: 1_600_000_000_000 },
      ],
      isCut: false,
      files: [
        { path: "a", kind: "file", change: "modified", additions: 2, deletions: 0, hunks: lines },
        { path: named, kind: "file", change: "added", additions: 1, deletions: 0, hunks: "@@ -0,0 +1 @@\n+n\n" },
        {
          path: "l",
          kind: "link",
          change: "deleted",
          additions: 0,
          deletions: 1,
          hunks: "@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n",
        },
        { path: "bin", kind: "file", change: "modified", additions: null, deletions: null, hunks: null },
      ],
    });
  });

  test("nothing changed is no file", () => {
    expect(readDiff({ stdout: "\0\0\0", isTruncated: false })).toEqual({
      commit: null,
      hasAccepted: false,
      turns: [],
      files: [],
      isCut: false,
    });
  });

  test("of an answer that breaks off the last file has no hunks, and one that is cut before says that it is", () => {
    const records = `\0\0\0${raw("A", "a")}${raw("A", "b")}1\t0\ta\0\x31\t0\tb\0`;
    const patch = `\0${section("a", "@@ -0,0 +1 @@\n+1\n")}${section("b", "@@ -0,0 +1 @@\n+hal")}`;
    const cut = readDiff({ stdout: records + patch, isTruncated: true });
    expect(cut?.files.map(({ hunks }) => hunks)).toEqual(["@@ -0,0 +1 @@\n+1\n", null]);
    expect(cut?.isCut).toBe(false);
    for (const half of [":1006", raw("A", "half-a-na").slice(0, -1)]) {
      const early = readDiff({ stdout: `\0\0\0${raw("A", "a")}${half}`, isTruncated: true });
      expect(early?.files.map(({ path }) => path)).toEqual(["a"]);
      expect(early?.isCut).toBe(true);
    }
  });

  test("a file that became a link has both of its texts", () => {
    const stdout = `\0\0\0${raw("T", "a", ["100644", "120000"])}1\t1\ta\0\0${section("a", "@@ -1 +0,0 @@\n-x\n")}${section("a", "@@ -0,0 +1 @@\n+y\n")}`;
    expect(readDiff({ stdout, isTruncated: false })?.files[0]).toMatchObject({
      change: "modified",
      kind: "link",
      hunks: "@@ -1 +0,0 @@\n-x\n@@ -0,0 +1 @@\n+y\n",
    });
  });

  test.each(["../x", "/etc/passwd", "a/../../x", "", "a//b", "x".repeat(5_000)])(
    "a change at %j is left out",
    (path) => {
      expect(readDiff({ stdout: `\0\0\0${raw("A", path)}`, isTruncated: false })?.files).toEqual([]);
    },
  );

  test.each(["", "x", "\0\0", "not a commit\0\0\0", "\0\0\0what is this\0"])("%j is no answer of git's", (stdout) => {
    expect(readDiff({ stdout, isTruncated: false })).toBeNull();
  });
});

test("folders with a repository are told from what was printed, bounded, and from nothing else", () => {
  const stdout = "deep/er/.git\na/.git\n.git\n../b/.git\n/etc/.git\na/.gitx\nb/.git\nhalf/.g";
  expect(readRoots({ stdout }, 8)).toEqual(["a", "b", "deep/er"]);
  expect(readRoots({ stdout }, 1)).toEqual(["a"]);
});
