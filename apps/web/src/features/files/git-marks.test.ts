import { expect, test } from "vitest";
import { MarksStore, markOf, readMarks } from "./git-marks.ts";

test("a file has its mark, a folder says that something in it has one, and what lies in an untracked folder is untracked", () => {
  const marks = readMarks([
    { path: "app/src/a", mark: "modified" },
    { path: "new", mark: "untracked" },
  ]);
  const paths = ["app/src/a", "app/src", "app", "app/src/b", "new", "new/deep/x", "newer"];
  expect(paths.map((path) => markOf(marks, path))).toEqual([
    "modified",
    "inside",
    "inside",
    null,
    "untracked",
    "untracked",
    null,
  ]);
});

test("marks that can't be had leave those that were seen", async () => {
  let isBroken = false;
  const store = new MarksStore(async () => {
    if (isBroken) throw new Error("no answer");
    return { marks: [{ path: "a", mark: "staged" }], isCut: false };
  });
  await store.refresh();
  isBroken = true;
  await store.refresh();
  expect(markOf(store.read(), "a")).toBe("staged");
});
