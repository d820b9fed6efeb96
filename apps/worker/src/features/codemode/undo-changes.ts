import { absentFile } from "@threadbox/contracts/files";
import { Effect } from "effect";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { applyChanges } from "./apply-changes.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import { sha256 } from "./run-book.ts";
import { readBase } from "./workspace-view.ts";

/** One file that a program has changed, as far as that can be undone. */
export interface Undoable {
  readonly path: string;
  /** What the program made of it, by its SHA-256; null: it was removed. */
  readonly made: string | null;
  /** What it was before; null: there was none. */
  readonly before: Uint8Array | null;
}

const refuse = (message: string) => new ToolRefusedError({ message });
const hashOf = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? Effect.succeed(null) : Effect.promise(() => sha256(bytes));

/**
 * Puts files back as they were before a program changed them, all of them or none: where one is neither as the program left it
 * nor as it was before, nothing is. Done a second time it changes nothing.
 */
export const undoChanges = Effect.fn("undoChanges")(function* (files: WorkspaceFiles, changes: readonly Undoable[]) {
  const wanted = yield* Effect.forEach(changes, ({ path, made, before }) =>
    Effect.gen(function* () {
      const now = yield* Effect.mapError(readBase(files, path), asRefusal);
      const hash = yield* hashOf(now?.bytes);
      if (hash !== made && hash !== (yield* hashOf(before ?? undefined)))
        return yield* refuse(`${path} has changed since. Nothing was undone.`);
      return { path, version: now?.version ?? absentFile, content: before };
    }),
  );
  yield* applyChanges(files, wanted);
});
