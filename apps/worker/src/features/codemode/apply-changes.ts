import { absentFile } from "@threadbox/contracts/files";
import { Effect } from "effect";
import type { SandboxError, WorkspaceFiles } from "../sandbox/index.ts";
import type { HeldChange } from "./change-shown.ts";
import { ToolRefusedError } from "./errors.ts";
import { type Base, readBase } from "./workspace-view.ts";

const refuse = (message: string) => new ToolRefusedError({ message });

type Wanted = Pick<HeldChange, "path" | "version" | "content">;

const isMade = ({ content }: Wanted, now: Base | null): boolean => {
  if (content === null || now === null) return content === now;
  return now.bytes.byteLength === content.byteLength && now.bytes.every((byte, at) => byte === content[at]);
};

const make = (files: WorkspaceFiles, { path, version, content }: Wanted): Effect.Effect<string, SandboxError> =>
  content === null ? Effect.as(files.remove(path), absentFile) : files.write(path, content, version);

/** Puts a file back as it was, where it still is as we have made it. */
const unmake = (files: WorkspaceFiles, { path }: Wanted, before: Base | null, madeVersion: string) =>
  before === null ? files.remove(path) : Effect.asVoid(files.write(path, before.bytes, madeVersion));

/**
 * Makes these changes, all of them or none: where one file is not as it was when they were shown, nothing is written, and
 * what was written before another failed is put back. Done a second time, as after the loss of who did it, it changes nothing.
 */
export const applyChanges = Effect.fn("applyChanges")(function* (
  files: WorkspaceFiles,
  changes: readonly Wanted[],
): Effect.fn.Return<void, ToolRefusedError> {
  const found = yield* Effect.forEach(changes, (change) =>
    readBase(files, change.path).pipe(
      Effect.map((before) => ({ change, before })),
      Effect.mapError((error) => refuse(`${error.message} Nothing was changed.`)),
    ),
  );
  const open = found.filter(({ change, before }) => !isMade(change, before));
  const moved = open.find(({ change, before }) => (before?.version ?? absentFile) !== change.version);
  if (moved !== undefined) return yield* refuse(`${moved.change.path} has changed since. Nothing was changed.`);
  const undo: Effect.Effect<void, SandboxError>[] = [];
  const work = Effect.forEach(
    open,
    ({ change, before }) =>
      Effect.map(make(files, change), (version) => {
        undo.unshift(unmake(files, change, before, version));
      }),
    { discard: true },
  );
  yield* Effect.catch(work, (error: SandboxError) =>
    Effect.flatMap(
      Effect.forEach(undo, (back) => Effect.isSuccess(back)),
      (backs) =>
        Effect.fail(
          refuse(
            `${error.message} ${backs.every(Boolean) ? "Nothing was changed." : "Some files were changed, and could not be put back."}`,
          ),
        ),
    ),
  );
});
