import { absentFile } from "@threadbox/contracts/files";
import type { SandboxName } from "@threadbox/contracts/ids";
import { FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { Base64, Hex } from "effect/encoding";
import { readBytes } from "../../http/body.ts";
import { excessive, unreachable } from "./bounded-answer.ts";
import { entriesMax, wholeFileBytesMax } from "./bounds.ts";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";
import { SandboxNotFoundError, SandboxRequestError, VersionConflictError } from "./errors.ts";
import type { SandboxProviderShape } from "./provider.ts";
import { shellCommand } from "./shell.ts";
import { inWorkspace } from "./workspace-path.ts";

const decodeEntries = Schema.decodeUnknownEffect(Schema.Array(FileEntry));
const removeMsMax = 60_000;

/** The SDK's errors are told apart by name: classes do not survive the way out of a Durable Object. */
const attemptFile = <A>(path: string, call: () => Promise<A>) =>
  Effect.tryPromise({
    try: call,
    catch: (cause) =>
      cause instanceof Error && /not.?found|no such file/i.test(`${cause.name} ${cause.message}`)
        ? new SandboxNotFoundError({ what: path })
        : unreachable(cause),
  });

/** Of so many bytes in base64. */
const base64LengthOf = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** A container tells no time that is finer than a second, so its versions are digests of the content. */
const versionOf = (bytes: Uint8Array<ArrayBuffer>) =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", bytes)),
    (digest) => Hex.encode(new Uint8Array(digest)),
  );

const collect = Effect.fnUntraced(function* (content: Uint8Array | ReadableStream<Uint8Array>) {
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(new Response(content), wholeFileBytesMax),
    catch: unreachable,
  });
  if (bytes !== null) return new Uint8Array(bytes);
  const reason = "The file is larger than this sandbox accepts.";
  return yield* new SandboxRequestError({ reason, bound: "BodyTooLarge" });
});

type FileCalls = Pick<
  SandboxProviderShape,
  "readFile" | "writeFile" | "deleteFile" | "moveFile" | "makeFolder" | "listFiles"
>;

/**
 * The files of a container, through the container's own server: whatever a link in it points at lies in the same
 * container. Nothing in it compares and writes at one stroke, so a change between the two is lost.
 */
export const makeCloudflareFiles = (clientOf: (name: SandboxName) => CloudflareSandboxClient): FileCalls => {
  const readWhole = Effect.fnUntraced(function* (name: SandboxName, path: string) {
    const absolute = yield* inWorkspace(path);
    const { content } = yield* attemptFile(path, () => clientOf(name).readFile(absolute, { encoding: "base64" }));
    if (content.length > base64LengthOf(wholeFileBytesMax)) return yield* excessive("bytes of a file");
    return new Uint8Array(yield* Effect.mapError(Effect.fromResult(Base64.decode(content)), unreachable));
  });

  const requireAbsent = Effect.fnUntraced(function* (name: SandboxName, absolute: string) {
    const { exists } = yield* attemptFile(absolute, () => clientOf(name).exists(absolute));
    if (exists) return yield* new VersionConflictError({ reason: "There is something of this name already." });
  });

  const requireVersion = Effect.fnUntraced(function* (name: SandboxName, path: string, expected: string) {
    const version = yield* readWhole(name, path).pipe(
      Effect.flatMap(versionOf),
      Effect.catchTag("SandboxNotFoundError", () => Effect.succeed(null)),
    );
    if (version === expected) return;
    return yield* new VersionConflictError({ reason: "The file has changed since it was opened." });
  });

  return {
    readFile: Effect.fn("CloudflareProvider.readFile")(function* (name, path) {
      const bytes = yield* readWhole(name, path);
      const version = yield* versionOf(bytes);
      return { sizeBytes: bytes.length, version, stream: new Blob([bytes]).stream() };
    }),
    writeFile: Effect.fn("CloudflareProvider.writeFile")(function* (name, path, content, expected) {
      const absolute = yield* inWorkspace(path);
      const bytes = yield* collect(content);
      if (expected === absentFile) yield* requireAbsent(name, absolute);
      else if (expected !== undefined) yield* requireVersion(name, path, expected);
      yield* attemptFile(path, () => clientOf(name).writeFile(absolute, Base64.encode(bytes), { encoding: "base64" }));
      return yield* versionOf(bytes);
    }),
    deleteFile: Effect.fn("CloudflareProvider.deleteFile")(function* (name, path) {
      const absolute = yield* inWorkspace(path);
      yield* attemptFile(path, async () => {
        const client = clientOf(name);
        try {
          return await client.deleteFile(absolute);
        } catch (error) {
          if (!(error instanceof Error && /director/i.test(`${error.name} ${error.message}`))) throw error;
          return client.exec(shellCommand({ argv: ["rm", "-rf", "--", absolute], timeoutMs: removeMsMax }));
        }
      });
    }),
    moveFile: Effect.fn("CloudflareProvider.moveFile")(function* (name, move) {
      const [from, to] = yield* Effect.all([inWorkspace(move.from), inWorkspace(move.to)]);
      yield* requireAbsent(name, to);
      yield* attemptFile(move.from, () => clientOf(name).moveFile(from, to));
    }),
    makeFolder: Effect.fn("CloudflareProvider.makeFolder")(function* (name, path) {
      const absolute = yield* inWorkspace(path);
      yield* requireAbsent(name, absolute);
      yield* attemptFile(path, () => clientOf(name).mkdir(absolute, { recursive: true }));
    }),
    listFiles: Effect.fn("CloudflareProvider.listFiles")(function* (name, path) {
      const absolute = yield* inWorkspace(path);
      const { files } = yield* attemptFile(path, () => clientOf(name).listFiles(absolute, { includeHidden: true }));
      if (files.length > entriesMax) return yield* excessive("entries of a folder");
      const entries = files.map((file) => ({
        name: file.name,
        kind: file.type,
        sizeBytes: file.size,
        modifiedAt: Date.parse(file.modifiedAt),
      }));
      return yield* Effect.mapError(decodeEntries(entries), unreachable);
    }),
  };
};
