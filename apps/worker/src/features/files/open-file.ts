import { fileLimits, type OpenedFile } from "@threadbox/contracts/files";
import { Effect } from "effect";
import { readBytes } from "../../http/body.ts";
import { type SandboxError, SandboxUnavailableError, type WorkspaceFiles } from "../sandbox/index.ts";
import { contentOf, largeContentOf, shownTypeOf } from "./file-content.ts";

const brokenOff = (cause: unknown) =>
  new SandboxUnavailableError({ reason: "The file changed while it was read. Try again.", cause: String(cause) });

/** The first piece of a file; the rest is not read. */
const firstOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> => {
  const reader = stream.getReader();
  const { value } = await reader.read();
  await reader.cancel().catch(() => {});
  return value ?? new Uint8Array();
};

/** Reads a file as an editor takes it; of one that is too large the beginning alone. */
export const openFile = Effect.fnUntraced(function* (
  files: Pick<WorkspaceFiles, "read">,
  path: string,
): Effect.fn.Return<OpenedFile, SandboxError> {
  const { sizeBytes, version, stream } = yield* files.read(path);
  if (sizeBytes > fileLimits.textBytesMax) {
    const start = yield* Effect.tryPromise({ try: () => firstOf(stream), catch: brokenOff });
    return { path, sizeBytes, version, content: largeContentOf(start) };
  }
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(new Response(stream), fileLimits.textBytesMax),
    catch: brokenOff,
  });
  return { path, sizeBytes, version, content: bytes === null ? largeContentOf(new Uint8Array()) : contentOf(bytes) };
});

/** What a file is to whoever is told of it. */
export interface SeenFile {
  readonly sizeBytes: number;
  /** Of a picture or a PDF, by how it begins. */
  readonly shownType: string | null;
  /** All of it, where it is text and short enough. */
  readonly text: string | null;
}

/** Looks at a file: reads a text of at most so many bytes, and of everything else the beginning. */
export const lookAtFile = Effect.fnUntraced(function* (
  files: Pick<WorkspaceFiles, "read">,
  path: string,
  textBytesMax: number,
): Effect.fn.Return<SeenFile, SandboxError> {
  const { sizeBytes, stream } = yield* files.read(path);
  if (sizeBytes > textBytesMax) {
    const start = yield* Effect.tryPromise({ try: () => firstOf(stream), catch: brokenOff });
    return { sizeBytes, shownType: shownTypeOf(start), text: null };
  }
  const read = () => readBytes(new Response(stream), textBytesMax);
  const bytes = (yield* Effect.tryPromise({ try: read, catch: brokenOff })) ?? new Uint8Array();
  const content = contentOf(bytes);
  return { sizeBytes, shownType: shownTypeOf(bytes), text: content.kind === "text" ? content.text : null };
});
