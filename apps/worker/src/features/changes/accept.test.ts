import type { AcceptedFile } from "@threadbox/contracts/changes";
import { TurnId } from "@threadbox/contracts/ids";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { expect, test } from "vitest";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { acceptChanges } from "./accept.ts";
import { acceptProgram } from "./accept-program.ts";
import { markTurn, titleOf } from "./mark-turn.ts";

const result = (more: Partial<ExecResult> = {}): ExecResult => ({
  exitCode: 0,
  stdout: "",
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
  ...more,
});

const asked: ExecRequest[] = [];
const workspace = (answer: ExecResult = result()): WorkspaceFiles => {
  asked.length = 0;
  const unused = () => Effect.die("not asked for");
  return {
    ...{ read: unused, write: unused, remove: unused, move: unused, makeFolder: unused, list: unused, trial: unused },
    exec: (request) => {
      if (request.argv[0] === "find") return Effect.succeed(result({ stdout: "app/.git\n" }));
      asked.push(request);
      return Effect.succeed(answer);
    },
  };
};

const argsOf = ({ argv }: ExecRequest) => argv.slice(4);
const file = (path: string, more: Partial<AcceptedFile> = {}): AcceptedFile => ({
  path,
  change: "modified",
  hunks: "@@ -1 +1 @@\n-a\n+b\n",
  isWhole: false,
  ...more,
});

test("each root is told of its own files, by the paths it knows them by", async () => {
  const files = [file("app/a"), file("b", { isWhole: true }), file("c", { hunks: null, isWhole: true })];
  await Effect.runPromise(acceptChanges(workspace(), { files, isUndone: false }));
  expect(asked.map(argsOf)).toEqual([
    ["/workspace", "", "patch", "mb", "wc"],
    ["/workspace/app", "", "patch"],
  ]);
  expect(asked[1]?.stdin).toBe('diff --git "a/a" "b/a"\n--- "a/a"\n+++ "b/a"\n@@ -1 +1 @@\n-a\n+b\n');
});

test("a name is quoted, so that it ends no line of the patch", () => {
  const { stdin } = acceptProgram("", [file('a\n"\\\x01é', { change: "added" })], false);
  expect(stdin?.split("\n").slice(0, 4)).toEqual([
    String.raw`diff --git "a/a\n\"\\\001é" "b/a\n\"\\\001é"`,
    "new file mode 100644",
    "--- /dev/null",
    String.raw`+++ "b/a\n\"\\\001é"`,
  ]);
});

test.each([
  ["aren't open any more", result({ exitCode: 3 }), { _tag: "AcceptConflictError", wireTag: "VersionConflict" }],
  ["git can't read", result({ exitCode: 1 }), { _tag: "ChangesUnreadableError", isTimedOut: false }],
  ["take too long", result({ isTimedOut: true }), { _tag: "ChangesUnreadableError", isTimedOut: true }],
])("changes that %s are refused in words", async (_, answer, error) => {
  const wish = { files: [file("a")], isUndone: false };
  expect(await Effect.runPromise(Effect.flip(acceptChanges(workspace(answer), wish)))).toMatchObject(error);
});

test("the end of a turn is marked in every root, with the beginning of what was asked in one line", async () => {
  const text = `Fix\n the ${"very ".repeat(30)}broken test`;
  await Effect.runPromise(markTurn(workspace(), { turnId: TurnId.make("turn_1"), text }));
  expect(asked.map(argsOf)).toEqual([
    ["/workspace", "turn_1", titleOf(text)],
    ["/workspace/app", "turn_1", titleOf(text)],
  ]);
  expect(titleOf(text)).toMatch(/^Fix the very [^\n]{60,67}$/);
});
