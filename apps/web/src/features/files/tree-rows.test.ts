import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { describe, expect, test } from "vitest";
import { type Folders, folderOf, isWithin, treeMove, treeRows, typedRow } from "./tree-rows.ts";

const entry = (name: string, kind: FileEntry["kind"] = "file"): FileEntry => ({
  name,
  kind,
  sizeBytes: 1,
  modifiedAt: 0,
});

const folders: Folders = new Map([
  [
    "",
    [entry("b10.txt"), entry("B2.txt"), entry("src", "directory"), entry("docs", "directory"), entry("ln", "symlink")],
  ],
  ["src", [entry("main.ts"), entry("deep", "directory")]],
  ["src/deep", []],
]);
const rows = treeRows(folders, new Set(["src", "src/deep"]));
const paths = rows.map(({ path }) => path);

describe("the rows of a tree", () => {
  test("folders come first, numbers are counted, and what is expanded lies below its folder", () => {
    expect(paths).toEqual(["docs", "src", "src/deep", "src/main.ts", "B2.txt", "b10.txt", "ln"]);
    expect(rows[3]).toMatchObject({ level: 2, position: 2, setSize: 2, isExpanded: false });
  });

  test("what is expanded and gone, or not listed yet, is an empty folder", () => {
    const gone: Folders = new Map([
      ["", [entry("a", "directory")]],
      ["a", null],
    ]);
    expect(treeRows(gone, new Set(["a"])).map(({ path }) => path)).toEqual(["a"]);
  });
});

describe("the keys of a tree", () => {
  const go = (path: string) => ({ kind: "go", path });

  test.each([
    ["src", "ArrowDown", go("src/deep")],
    ["src", "ArrowUp", go("docs")],
    ["docs", "ArrowUp", null],
    ["ln", "ArrowDown", null],
    ["src/main.ts", "Home", go("docs")],
    ["docs", "End", go("ln")],
    ["docs", "ArrowRight", { kind: "expand", path: "docs" }],
    ["src", "ArrowRight", go("src/deep")],
    ["src/deep", "ArrowRight", null],
    ["B2.txt", "ArrowRight", null],
    ["src", "ArrowLeft", { kind: "collapse", path: "src" }],
    ["src/main.ts", "ArrowLeft", go("src")],
    ["docs", "ArrowLeft", null],
    ["docs", "Enter", { kind: "expand", path: "docs" }],
    ["src", " ", { kind: "collapse", path: "src" }],
    ["B2.txt", "Enter", { kind: "open", path: "B2.txt" }],
    [null, "ArrowDown", go("docs")],
    ["vanished", "Home", go("docs")],
    ["src", "x", null],
  ])("on %j the key %j means %j", (current, key, move) => {
    expect(treeMove(rows, current, key)).toEqual(move);
  });

  test("letters go to the next name that begins with them, and round the end", () => {
    expect(typedRow(rows, "B2.txt", "b")?.path).toBe("b10.txt");
    expect(typedRow(rows, "b10.txt", "b")?.path).toBe("B2.txt");
    expect(typedRow(rows, "b10.txt", "b1")?.path).toBe("b10.txt");
    expect(typedRow(rows, "docs", "z")).toBeUndefined();
  });
});

test("a path lies in its folders, and in none that only begins alike", () => {
  expect([isWithin("a/b", "a"), isWithin("a", "a"), isWithin("ab", "a")]).toEqual([true, true, false]);
  expect([folderOf("a/b/c"), folderOf("a")]).toEqual(["a/b", ""]);
});
