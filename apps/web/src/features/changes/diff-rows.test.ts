import type { ChangedFile } from "@threadbox/contracts/changes";
import { expect, test } from "vitest";
import { type DiffRow, diffRows, type Layout, placeOf } from "./diff-rows.ts";
import { readHunks } from "./hunks.ts";

const file: ChangedFile = {
  path: "a.ts",
  kind: "file",
  change: "modified",
  additions: 2,
  deletions: 1,
  hunks: "@@ -1,3 +1,4 @@\n one\n-two\n+TWO\n+new\n three\n",
};

const shown = (row: DiffRow): string => {
  if (row.kind === "line") return `${row.cell.line.sign}${row.cell.line.text}`;
  if (row.kind === "pair") return `${row.before?.line.text ?? "·"}|${row.after?.line.text ?? "·"}`;
  return row.kind;
};

const rows = (layout: Layout, isOpen = true) =>
  diffRows([{ file, hunks: readHunks(file.hunks ?? "") }], layout, () => isOpen).map(shown);

test("one below the other, what went stands before what came", () => {
  expect(rows("unified")).toEqual(["file", "hunk", " one", "-two", "+TWO", "+new", " three"]);
});

test("side by side, each line stands beside what took its place", () => {
  expect(rows("split")).toEqual(["file", "hunk", "one|one", "two|TWO", "·|new", "three|three"]);
});

test("of a closed file there is its head, and of one without hunks a word", () => {
  expect(rows("unified", false)).toEqual(["file"]);
  const binary = { ...file, hunks: null };
  expect(diffRows([{ file: binary, hunks: null }], "split", () => true).map(shown)).toEqual(["file", "note"]);
});

test("ten thousand changed lines are rows in a moment, and each has a key of its own", () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => `-${at}\n`).join("");
  const hunks = readHunks(`@@ -1,5000 +1,5000 @@\n${lines}${lines.replaceAll("-", "+")}`);
  const all = diffRows([{ file, hunks }], "unified", () => true);
  expect(all).toHaveLength(10_002);
  expect(new Set(all.map(({ key }) => key)).size).toBe(10_002);
});

test("a line that is gone is named by its number in the text as it was, any other by the one that it has", () => {
  const [hunk] = readHunks(file.hunks ?? "") ?? [];
  expect(hunk?.lines.map((line) => placeOf("a.ts", line)).map(({ side, line }) => `${side} ${line}`)).toEqual([
    "after 1",
    "before 2",
    "after 2",
    "after 3",
    "after 4",
  ]);
});
