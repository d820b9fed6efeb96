import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { absentFile, fileLimits } from "@threadbox/contracts/files";
import type { ExecRequest, ExecResult, FileEntry, TrialFile } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { Base64 } from "effect/encoding";
import { readBytes } from "../../http/body.ts";
import { decodeEntryPath } from "../files/index.ts";
import { type SandboxError, SandboxNotFoundError, SandboxRequestError, type WorkspaceFiles } from "../sandbox/index.ts";
import { conflict } from "./errors.ts";

/** A file as it is in the workspace; null: there is none. */
export interface Base {
  readonly version: string;
  readonly bytes: Uint8Array;
}

export interface ViewedChange {
  readonly path: string;
  readonly base: Base | null;
  /** Null: the file is removed. */
  readonly content: Uint8Array | null;
}

const refuse = (reason: string) => new SandboxRequestError({ reason });
const tooLarge = (path: string) =>
  refuse(
    `${path} is larger than ${fileLimits.textBytesMax / 1024 / 1024} MiB: it can't be shown before it is changed.`,
  );

/** A file of the workspace as a whole; null where there is none. */
export const readBase = Effect.fnUntraced(function* (
  files: WorkspaceFiles,
  path: string,
): Effect.fn.Return<Base | null, SandboxError> {
  const read = yield* Effect.catchTag(files.read(path), "SandboxNotFoundError", () => Effect.succeed(null));
  if (read === null) return null;
  const { version, stream, sizeBytes } = read;
  if (sizeBytes > fileLimits.textBytesMax) {
    yield* Effect.promise(() => stream.cancel().catch(() => {}));
    return yield* tooLarge(path);
  }
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(new Response(stream), fileLimits.textBytesMax),
    catch: () => refuse(`${path} changed while it was read.`),
  });
  return bytes === null ? yield* tooLarge(path) : { version, bytes };
});

/** One file as the copy has it: the word of a program in the sandbox. */
const readChange = Effect.fnUntraced(function* ({ path: told, content }: TrialFile) {
  const path = yield* Effect.mapError(decodeEntryPath(told), () => refuse("The command made a file without a name."));
  if (content === null) return { path, content };
  const bytes = yield* Effect.mapError(Effect.fromResult(Base64.decode(content)), () =>
    refuse("The copy can't be read."),
  );
  return { path, content: bytes };
});

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);

interface Viewed extends ViewedChange {
  readonly version: string;
}

/**
 * A workspace in which everything can be written and nothing is: what is written lies here, in front of the files that are
 * there. A program that works on it sees its own writes, and nobody else does.
 */
export class WorkspaceView {
  readonly #real: WorkspaceFiles;
  readonly #written = new Map<string, Viewed>();
  #writes = 0;

  constructor(real: WorkspaceFiles) {
    this.#real = real;
  }

  /** What is different here, by path. */
  changes(): readonly ViewedChange[] {
    return [...this.#written.values()]
      .filter(({ base, content }) =>
        base === null || content === null ? base !== content : !isSame(base.bytes, content),
      )
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Takes the file as changed, or refuses what could not be shown. */
  #put(path: string, base: Base | null, content: Uint8Array | null): Effect.Effect<string, SandboxRequestError> {
    const others = [...this.#written.values()].filter((other) => other.path !== path);
    const bytes = others.reduce((sum, other) => sum + (other.content?.byteLength ?? 0), content?.byteLength ?? 0);
    if (others.length >= codemodeLimits.changedFilesMax || bytes > codemodeLimits.changedBytesMax)
      return Effect.fail(
        refuse(
          `One program changes ${codemodeLimits.changedFilesMax} files and ${codemodeLimits.changedBytesMax / 1024 / 1024} MiB at most.`,
        ),
      );
    this.#writes += 1;
    const version = `view-${this.#writes}`;
    this.#written.set(path, { path, base, content, version });
    return Effect.succeed(version);
  }

  readonly #write = Effect.fnUntraced(
    function* (
      this: WorkspaceView,
      path: string,
      source: Uint8Array | ReadableStream<Uint8Array>,
      expected?: string,
    ): Effect.fn.Return<string, SandboxError> {
      const content = source instanceof Uint8Array ? source : null;
      if (content === null) return yield* refuse("Only whole texts can be written.");
      const base = this.#written.get(path)?.base ?? (yield* readBase(this.#real, path));
      const known = this.#written.get(path);
      const isThere = known === undefined ? base !== null : known.content !== null;
      const version = isThere ? (known?.version ?? base?.version ?? absentFile) : absentFile;
      if (expected !== undefined && expected !== version) return yield* conflict();
      return yield* this.#put(path, known === undefined ? base : known.base, content);
    }.bind(this),
  );

  /** The workspace as a program sees it. `exec` runs where the files really are: it is for our own programs, which only read. */
  readonly files: Pick<WorkspaceFiles, "read" | "write" | "list" | "exec"> = {
    read: (path) => {
      const known = this.#written.get(path);
      if (known === undefined) return this.#real.read(path);
      const { content, version } = known;
      if (content === null) return Effect.fail(new SandboxNotFoundError({ what: path }));
      const stream = new Response(content.slice()).body ?? new ReadableStream<Uint8Array>();
      return Effect.succeed({ sizeBytes: content.byteLength, version, stream });
    },
    write: (path, content, expected) => this.#write(path, content, expected),
    list: (path) =>
      this.#real.list(path).pipe(
        Effect.catchTag("SandboxNotFoundError", (error) =>
          this.#below(path).length === 0 ? Effect.fail(error) : Effect.succeed([]),
        ),
        Effect.map((entries) => this.#merged(path, entries)),
      ),
    exec: (request) => this.#real.exec(request),
  };

  /**
   * Runs a command on a copy of the workspace as it is seen here. What it would change is seen here from then on; where that
   * can't be shown to anybody, nothing is.
   */
  command(request: ExecRequest): Effect.Effect<ExecResult, SandboxError> {
    const before = new Map(this.#written);
    return Effect.gen({ self: this }, function* () {
      const files = [...before.values()].map(({ path, content }) => ({
        path,
        content: content === null ? null : Base64.encode(content),
      }));
      const { result, changes, unshown } = yield* this.#real.trial({ exec: request, files });
      if (unshown.length > 0)
        return yield* refuse(`It can't be shown what this command does to ${unshown.join(", ")}.`);
      const told = new Map<string, Uint8Array | null>();
      for (const change of changes) {
        const { path, content } = yield* readChange(change);
        told.set(path, content);
      }
      const touched = [...new Set([...before.keys(), ...told.keys()])];
      if (touched.some((path) => this.#written.get(path) !== before.get(path))) return yield* conflict();
      for (const path of touched) {
        const base = before.get(path)?.base ?? (before.has(path) ? null : yield* readBase(this.#real, path));
        const content = told.get(path);
        // What the command has put back is as it was.
        if (content === undefined) this.#written.delete(path);
        else yield* this.#put(path, base, content);
      }
      return result;
    });
  }

  #below(folder: string): readonly Viewed[] {
    return [...this.#written.values()].filter(({ path, content }) => content !== null && isBelow(folder, path));
  }

  #merged(folder: string, entries: readonly FileEntry[]): readonly FileEntry[] {
    const merged = new Map(entries.map((entry) => [entry.name, entry]));
    for (const { path, content } of this.#written.values()) {
      if (!isBelow(folder, path)) continue;
      const [name = "", ...deeper] = path.slice(folder === "" ? 0 : folder.length + 1).split("/");
      if (deeper.length > 0) {
        if (content !== null && !merged.has(name))
          merged.set(name, { name, kind: "directory", sizeBytes: 0, modifiedAt: 0 });
      } else if (content === null) merged.delete(name);
      else merged.set(name, { name, kind: "file", sizeBytes: content.byteLength, modifiedAt: 0 });
    }
    return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

const isBelow = (folder: string, path: string): boolean => folder === "" || path.startsWith(`${folder}/`);
