import { type AcceptChanges, changesLimits } from "@threadbox/contracts/changes";
import { Effect } from "effect";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { acceptProgram, conflictExit } from "./accept-program.ts";
import { pathIn, rootOf } from "./changes.ts";
import { findRootsProgram } from "./diff-program.ts";
import { AcceptConflictError, ChangesUnreadableError } from "./errors.ts";
import { readRoots } from "./read-diff.ts";

/** Accepts changes, or takes that back. Of several roots, those before one that refuses stay accepted. */
export const acceptChanges = Effect.fn("acceptChanges")(function* (
  files: WorkspaceFiles,
  { files: accepted, isUndone }: AcceptChanges,
) {
  const roots = ["", ...readRoots(yield* files.exec(findRootsProgram), changesLimits.rootsMax)];
  for (const root of roots) {
    const own = accepted.filter(({ path }) => rootOf(roots, path) === root);
    if (own.length === 0) continue;
    const named = own.map((file) => ({ ...file, path: pathIn(root, file.path) }));
    const { exitCode, isTimedOut } = yield* files.exec(acceptProgram(root, named, isUndone));
    if (exitCode === conflictExit) return yield* new AcceptConflictError();
    if (isTimedOut || exitCode !== 0) return yield* new ChangesUnreadableError({ isTimedOut });
  }
});
