import { type Changes, changesLimits } from "@threadbox/contracts/changes";
import { Effect } from "effect";
import type { SandboxError, WorkspaceFiles } from "../sandbox/index.ts";
import { diffProgram, findRootsProgram } from "./diff-program.ts";
import { ChangesUnreadableError } from "./errors.ts";
import { readDiff, readRoots } from "./read-diff.ts";

const rootsAtOnce = 2;

const diffRoot = Effect.fnUntraced(function* (files: WorkspaceFiles, root: string, path: string | null) {
  const result = yield* files.exec(diffProgram(root, path));
  const diff = result.isTimedOut || result.exitCode !== 0 ? null : readDiff(result);
  if (diff === null) return yield* new ChangesUnreadableError({ isTimedOut: result.isTimedOut });
  const below = (relative: string) => (root === "" ? relative : `${root}/${relative}`);
  return { ...diff, root, files: diff.files.map((file) => ({ ...file, path: below(file.path) })) };
});

/** The root that a path lies in: the deepest one. */
const rootOf = (roots: readonly string[], path: string): string =>
  roots.reduce((found, root) => (path.startsWith(`${root}/`) && root.length > found.length ? root : found), "");

/**
 * How the workspace differs from where the thread's work began: in each folder that was cloned, from the commit that was
 * cloned, and everywhere else from nothing. With `path` of that file alone.
 */
export const readChanges = Effect.fn("readChanges")(function* (
  files: WorkspaceFiles,
  path: string | null,
): Effect.fn.Return<Changes, SandboxError | ChangesUnreadableError> {
  const roots = ["", ...readRoots(yield* files.exec(findRootsProgram), changesLimits.rootsMax)];
  const asked =
    path === null
      ? roots.map((root) => ({ root, within: null }))
      : [rootOf(roots, path)].map((root) => ({
          root,
          within: root === "" ? path : path.slice(root.length + 1),
        }));
  const diffs = yield* Effect.forEach(asked, ({ root, within }) => diffRoot(files, root, within), {
    concurrency: rootsAtOnce,
  });
  const all = diffs.flatMap((diff) => diff.files).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    // A workspace without files of its own, with a clone in it, began in the clone.
    roots: diffs.map(({ root, commit }) => ({ path: root, commit })),
    files: all.slice(0, changesLimits.filesMax),
    isCut: all.length > changesLimits.filesMax || diffs.some(({ isCut }) => isCut),
  };
});
