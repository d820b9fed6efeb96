import { Changes } from "@threadbox/contracts/changes";
import { TurnId } from "@threadbox/contracts/ids";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { expect, test } from "vitest";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { readChanges } from "./changes.ts";

const result = (stdout: string, more: Partial<ExecResult> = {}): ExecResult => ({
  exitCode: 0,
  stdout,
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
  ...more,
});

const unused = () => Effect.die("not asked for");

/** A workspace with a clone in `app`, where `answer` stands for git. */
const workspace = (answer: (root: string, args: readonly string[]) => ExecResult): WorkspaceFiles => ({
  read: unused,
  write: unused,
  remove: unused,
  move: unused,
  makeFolder: unused,
  list: unused,
  trial: unused,
  exec: ({ argv }: ExecRequest) =>
    Effect.succeed(argv[0] === "find" ? result("app/.git\n") : answer(argv[4] ?? "", argv.slice(5))),
});

const added = (path: string) => `:000000 100644 ${"0".repeat(40)} ${"0".repeat(40)} A\0${path}\0`;
const commit = "a".repeat(40);

test("the work in a clone begins at what was cloned, and beside it with nothing; paths are the workspace's", async () => {
  const files = workspace((root) =>
    result(
      root === "/workspace/app"
        ? `${commit}\0accepted\x001700000000 t1 One\0\0${added("b")}`
        : `\0\x001700000001 t2\x001700000000 t1 One\0\0${added("c")}`,
    ),
  );
  const changes = await Effect.runPromise(readChanges(files, null, { scope: "open" }));
  expect(Schema.decodeUnknownSync(Changes)(changes)).toEqual(changes);
  expect(changes).toMatchObject({
    roots: [
      { path: "", commit: null },
      { path: "app", commit },
    ],
    files: [{ path: "app/b" }, { path: "c" }],
    turns: [{ turnId: "t2" }, { turnId: "t1", title: "One" }],
    hasAccepted: true,
    isCut: false,
  });
});

test("one file is asked of the folder it lies in, by its path there", async () => {
  const asked: string[] = [];
  const files = workspace((root, args) => {
    asked.push([root, ...args].join(" "));
    return result("\0\0\0");
  });
  await Effect.runPromise(readChanges(files, "app/src/a", { scope: "all" }));
  await Effect.runPromise(readChanges(files, "apple", { turnId: TurnId.make("t1") }));
  expect(asked).toEqual(["/workspace/app all  src/a", "/workspace turn t1 apple"]);
});

test.each([
  ["ends badly", result("\0\0\0", { exitCode: 1 }), false],
  ["says something else", result("fatal: no such thing"), false],
  ["takes too long", result("", { isTimedOut: true }), true],
])("where git %s the answer is an error and no empty list", async (_, answer, isTimedOut) => {
  const failure = await Effect.runPromise(
    Effect.flip(
      readChanges(
        workspace(() => answer),
        null,
        { scope: "open" },
      ),
    ),
  );
  expect(failure).toMatchObject({ _tag: "ChangesUnreadableError", isTimedOut, wireTag: "SandboxUnavailable" });
});
