import { type Changes, type ChangesTurn, changesLimits } from "@threadbox/contracts/changes";
import { Effect } from "effect";
import type { SandboxError, WorkspaceFiles } from "../sandbox/index.ts";
import { type Asked, diffProgram, findRootsProgram } from "./diff-program.ts";
import { ChangesUnreadableError } from "./errors.ts";
import { readDiff, readRoots } from "./read-diff.ts";
import type { DiffHead } from "./read-head.ts";

const rootsAtOnce = 2;

const diffRoot = Effect.fnUntraced(function* (
  files: WorkspaceFiles,
  { root, path, asked }: { readonly root: string; readonly path: string | null; readonly asked: Asked },
) {
  const result = yield* files.exec(diffProgram(root, path, asked));
  const diff = result.isTimedOut || result.exitCode !== 0 ? null : readDiff(result);
  if (diff === null) return yield* new ChangesUnreadableError({ isTimedOut: result.isTimedOut });
  const below = (relative: string) => (root === "" ? relative : `${root}/${relative}`);
  return { ...diff, root, files: diff.files.map((file) => ({ ...file, path: below(file.path) })) };
});

/** A path of the workspace as the root that it lies in knows it. */
export const pathIn = (root: string, path: string): string => (root === "" ? path : path.slice(root.length + 1));

/** The root that a path lies in: the deepest one. */
export const rootOf = (roots: readonly string[], path: string): string =>
  roots.reduce((found, root) => (path.startsWith(`${root}/`) && root.length > found.length ? root : found), "");

/** The turns of all roots, each of them once, latest first. */
const turnsOf = (diffs: readonly DiffHead[]): readonly ChangesTurn[] => {
  const turns = diffs.flatMap((diff) => diff.turns).sort((a, b) => b.endedAt - a.endedAt);
  return [...new Map(turns.map((turn) => [turn.turnId, turn])).values()].slice(0, changesLimits.turnsMax);
};

/**
 * How the workspace differs from where the thread's work began: in each folder that was cloned, from the commit that was
 * cloned, and everywhere else from nothing; or, where that is asked for, what one turn changed. With `path` of that file
 * alone.
 */
export const readChanges = Effect.fn("readChanges")(function* (
  files: WorkspaceFiles,
  path: string | null,
  asked: Asked,
): Effect.fn.Return<Changes, SandboxError | ChangesUnreadableError> {
  const roots = ["", ...readRoots(yield* files.exec(findRootsProgram), changesLimits.rootsMax)];
  const looks =
    path === null
      ? roots.map((root) => ({ root, path: null, asked }))
      : [rootOf(roots, path)].map((root) => ({ root, path: pathIn(root, path), asked }));
  const diffs = yield* Effect.forEach(looks, (look) => diffRoot(files, look), { concurrency: rootsAtOnce });
  const all = diffs.flatMap((diff) => diff.files).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    // A workspace without files of its own, with a clone in it, began in the clone.
    roots: diffs.map(({ root, commit }) => ({ path: root, commit })),
    turns: turnsOf(diffs),
    hasAccepted: diffs.some(({ hasAccepted }) => hasAccepted),
    files: all.slice(0, changesLimits.filesMax),
    isCut: all.length > changesLimits.filesMax || diffs.some(({ isCut }) => isCut),
  };
});
