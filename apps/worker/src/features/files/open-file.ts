import { fileLimits, type OpenedFile } from "@threadbox/contracts/files";
import { Effect } from "effect";
import { readBytes } from "../../http/body.ts";
import { type SandboxError, SandboxUnavailableError, type WorkspaceFiles } from "../sandbox/index.ts";
import { contentOf } from "./file-content.ts";

const brokenOff = (cause: unknown) =>
  new SandboxUnavailableError({ reason: "The file changed while it was read. Try again.", cause: String(cause) });

/** Reads a file as an editor takes it; of one that is too large nothing is read. */
export const openFile = Effect.fnUntraced(function* (
  files: Pick<WorkspaceFiles, "read">,
  path: string,
): Effect.fn.Return<OpenedFile, SandboxError> {
  const { sizeBytes, version, stream } = yield* files.read(path);
  if (sizeBytes > fileLimits.textBytesMax) {
    yield* Effect.promise(() => stream.cancel().catch(() => {}));
    return { path, sizeBytes, version, content: { kind: "tooLarge" } };
  }
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(new Response(stream), fileLimits.textBytesMax),
    catch: brokenOff,
  });
  return { path, sizeBytes, version, content: bytes === null ? { kind: "tooLarge" } : contentOf(bytes) };
});
