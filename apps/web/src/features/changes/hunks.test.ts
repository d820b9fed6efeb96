import { describe, expect, test } from "vitest";
import { readHunks, takeBack } from "./hunks.ts";

const hunks = [
  "@@ -1,3 +1,4 @@ function first() {",
  " a",
  "-b\r",
  "+B",
  "+C",
  " d",
  "@@ -9 +9,0 @@",
  "-gone",
  "@@ -20,2 +20,2 @@",
  " y",
  "-z",
  "\\ No newline at end of file",
  "+Z",
  "",
].join("\n");

const read = (text: string) => readHunks(text) ?? [];

describe("the hunks of a file", () => {
  test("each line knows its number in either text, its line end, and keeps its carriage return", () => {
    const [first, second, third] = read(hunks);
    expect(first?.title).toBe("@@ -1,3 +1,4 @@ function first() {");
    expect(first?.lines).toEqual([
      { sign: " ", text: "a", before: 1, after: 1, hasEnd: true },
      { sign: "-", text: "b\r", before: 2, after: null, hasEnd: true },
      { sign: "+", text: "B", before: null, after: 2, hasEnd: true },
      { sign: "+", text: "C", before: null, after: 3, hasEnd: true },
      { sign: " ", text: "d", before: 3, after: 4, hasEnd: true },
    ]);
    expect(second).toMatchObject({ beforeStart: 9, afterStart: 9, lines: [{ text: "gone", before: 9 }] });
    expect(third?.lines.map(({ hasEnd }) => hasEnd)).toEqual([true, false, true]);
  });

  test.each(["x\n", "@@ -1 +1 @@", "@@ -1 +1 @@\n a\n+b\n", "@@ -1,2 +1,2 @@\n a\n", "@@ -1 +1 @@\n*a\n"])(
    "%j is none of git's",
    (text) => {
      expect(readHunks(text)).toBeNull();
    },
  );

  test("a mode that changed alone has none", () => {
    expect(readHunks("")).toEqual([]);
  });
});

describe("taking back what a hunk changed", () => {
  const rest = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join("");
  const before = `a\nb\r\nd\n${rest(4, 8)}gone\n${rest(10, 19)}y\nz`;
  const after = `a\nB\nC\nd\n${rest(4, 8)}${rest(10, 19)}y\nZ\n`;

  test("all hunks together give the text as it was, to the last line end", () => {
    expect(takeBack(after, read(hunks))).toBe(before);
  });

  test("one hunk leaves everything else as it is", () => {
    expect(takeBack("a\nB\nC\nd\nmine\n", read(hunks).slice(0, 1))).toBe("a\nb\r\nd\nmine\n");
  });

  test("a new file becomes empty, and a file that is gone has its text again", () => {
    expect(takeBack("x\ny", read("@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file\n"))).toBe("");
    expect(takeBack("", read("@@ -1,2 +0,0 @@\n-x\n-y\n"))).toBe("x\ny\n");
  });

  test.each(["a\nB\nc\nd\n", "", "B\nC\nd\n", "a\nB\nC\nd"])("%j is not the text that was compared", (text) => {
    expect(takeBack(text, read(hunks).slice(0, 1))).toBeNull();
  });
});
