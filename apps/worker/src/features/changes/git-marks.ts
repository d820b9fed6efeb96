import { changesLimits, type GitMark, type GitMarks, gitMarksMax } from "@threadbox/contracts/changes";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import type { SandboxError, WorkspaceFiles } from "../sandbox/index.ts";
import { findRootsProgram } from "./diff-program.ts";
import { isPlain, readRoots } from "./read-diff.ts";

const statusMsMax = 10_000;
const rootsAtOnce = 2;

/** Takes no lock, so that neither the agent's git nor a person's ever waits for a look. */
const script = String.raw`
cd "$1" && [ -e .git ] || exit 0
export GIT_OPTIONAL_LOCKS=0 LC_ALL=C.UTF-8
exec git -c safe.directory='*' -c core.fsmonitor=false status --porcelain=v1 -z --no-renames \
  --untracked-files=normal --ignore-submodules=all
`;

const marksProgram = (root: string): ExecRequest => ({
  argv: ["bash", "-c", script, "marks", root === "" ? workspacePath : `${workspacePath}/${root}`],
  timeoutMs: statusMsMax,
});

const conflicts: ReadonlySet<string> = new Set(["DD", "AU", "UD", "UA", "DU", "AA", "UU"]);
const record = /^([ MTADRCU?])([ MTADRCU?]) (.+)$/s;

const markOf = (index: string, work: string): GitMark["mark"] => {
  if (index === "?") return "untracked";
  if (conflicts.has(`${index}${work}`)) return "conflict";
  return work === " " ? "staged" : "modified";
};

/** What git printed of one root; whoever wrote it may lie, so what is not of that form, or names nothing below, is left out. */
export const readMarks = (stdout: string, root: string): readonly GitMark[] =>
  stdout
    .slice(0, stdout.lastIndexOf("\0") + 1)
    .split("\0")
    .flatMap((text): readonly GitMark[] => {
      const [, index = "", work = "", named = ""] = record.exec(text) ?? [];
      const path = named.replace(/\/$/, "");
      if (path === "" || !isPlain(path)) return [];
      return [{ path: root === "" ? path : `${root}/${path}`, mark: markOf(index, work) }];
    });

const marksOfRoot = (files: WorkspaceFiles, root: string) =>
  Effect.map(files.exec(marksProgram(root)), ({ stdout, isTruncated, isTimedOut }: ExecResult) => ({
    marks: readMarks(stdout, root),
    isCut: isTruncated || isTimedOut,
  }));

/** What differs from the last commit in each repository of the workspace. A folder that is none has no marks. */
export const readGitMarks = Effect.fn("readGitMarks")(function* (
  files: WorkspaceFiles,
): Effect.fn.Return<GitMarks, SandboxError> {
  const clones = readRoots(yield* files.exec(findRootsProgram), changesLimits.rootsMax);
  const found = yield* Effect.forEach(["", ...clones], (root) => marksOfRoot(files, root), {
    concurrency: rootsAtOnce,
  });
  // A repository in another one is not known to that one; what it says itself counts.
  const marks = found
    .flatMap((each) => each.marks)
    .filter(({ path, mark }) => mark !== "untracked" || !clones.includes(path));
  return {
    marks: marks.slice(0, gitMarksMax),
    isCut: marks.length > gitMarksMax || found.some(({ isCut }) => isCut),
  };
});
