import { GitMarks, gitMarksMax } from "@threadbox/contracts/changes";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { expect, test } from "vitest";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { readGitMarks, readMarks } from "./git-marks.ts";

const unused = () => Effect.die("not asked for");
const result = (stdout: string): ExecResult => ({
  exitCode: 0,
  stdout,
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
});

/** A workspace with a repository of its own and a clone in `app`. */
const workspace = (answers: Readonly<Record<string, string>>): WorkspaceFiles => ({
  read: unused,
  write: unused,
  remove: unused,
  move: unused,
  makeFolder: unused,
  list: unused,
  trial: unused,
  exec: ({ argv }: ExecRequest) =>
    Effect.succeed(result(argv[0] === "find" ? "app/.git\n" : (answers[argv[4] ?? ""] ?? ""))),
});

test("every repository is asked, and paths are the workspace's; a clone is no untracked folder of the other", async () => {
  const files = workspace({
    "/workspace": " M a b.txt\0?? app/\0?? new/\0",
    "/workspace/app": "M  src/x\0MM src/y\0UU src/z\0",
  });
  const marks = await Effect.runPromise(readGitMarks(files));
  expect(Schema.decodeUnknownSync(GitMarks)(marks)).toEqual({
    marks: [
      { path: "a b.txt", mark: "modified" },
      { path: "new", mark: "untracked" },
      { path: "app/src/x", mark: "staged" },
      { path: "app/src/y", mark: "modified" },
      { path: "app/src/z", mark: "conflict" },
    ],
    isCut: false,
  });
});

test("what names nothing below its root, is of another form or breaks off is left out", () => {
  expect(readMarks(" M ../x\0 M /etc\0fatal: no\0?? \0 M ok\0 M half", "")).toEqual([{ path: "ok", mark: "modified" }]);
});

test("more marks than one answer holds are counted as cut", async () => {
  const many = Array.from({ length: gitMarksMax + 1 }, (_, at) => ` M ${at}\0`).join("");
  const { marks, isCut } = await Effect.runPromise(readGitMarks(workspace({ "/workspace": many })));
  expect([marks.length, isCut]).toEqual([gitMarksMax, true]);
});
