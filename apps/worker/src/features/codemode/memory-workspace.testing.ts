import { absentFile } from "@threadbox/contracts/files";
import type { TrialFile } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { Base64 } from "effect/encoding";
import { SandboxNotFoundError, SandboxRequestError, type WorkspaceFiles } from "../sandbox/index.ts";
import { conflict } from "./errors.ts";

interface Held {
  readonly version: string;
  readonly bytes: Uint8Array;
}

const unused = () => Effect.die("not asked for");
const result = { exitCode: 0, stdout: "", stderr: "", isTruncated: false, isTimedOut: false, durationMs: 1 };

/** A workspace in memory. Its only command is `put PATH JSON`, which tries to write a text, or to remove with null. */
export class MemoryWorkspace {
  readonly #held = new Map<string, Held>();
  #versions = 0;
  /** So many writes and removals succeed, and one fails then; those after it succeed. */
  failsAfter = Number.POSITIVE_INFINITY;

  constructor(files: readonly (readonly [path: string, text: string])[]) {
    for (const [path, text] of files) this.put(path, text);
  }

  put(path: string, text: string): void {
    this.#put(path, new TextEncoder().encode(text));
  }

  #put(path: string, bytes: Uint8Array): string {
    this.#versions += 1;
    const version = `v${this.#versions}`;
    this.#held.set(path, { version, bytes });
    return version;
  }

  texts(): ReadonlyMap<string, string> {
    return new Map([...this.#held].map(([path, { bytes }]) => [path, new TextDecoder().decode(bytes)]));
  }

  #change<A>(change: () => A): Effect.Effect<A, SandboxRequestError> {
    return Effect.suspend(() => {
      this.failsAfter -= 1;
      return this.failsAfter === -1
        ? Effect.fail(new SandboxRequestError({ reason: "The disk is full." }))
        : Effect.sync(change);
    });
  }

  #trial(files: readonly TrialFile[], [, path = "", text = "null"]: readonly string[]): readonly TrialFile[] {
    const copy = new Map([...this.#held].map(([at, { bytes }]) => [at, Base64.encode(bytes)]));
    const written = JSON.parse(text) as string | null;
    for (const each of [...files, { path, content: written === null ? null : Base64.encode(written) }]) {
      if (each.content === null) copy.delete(each.path);
      else copy.set(each.path, each.content);
    }
    return [...new Set([...copy.keys(), ...this.#held.keys()])].flatMap((at) => {
      const before = this.#held.get(at);
      const content = copy.get(at) ?? null;
      return (before === undefined ? null : Base64.encode(before.bytes)) === content ? [] : [{ path: at, content }];
    });
  }

  readonly files: WorkspaceFiles = {
    ...{ move: unused, makeFolder: unused, list: unused, exec: unused },
    read: (path) => {
      const held = this.#held.get(path);
      if (held === undefined) return Effect.fail(new SandboxNotFoundError({ what: path }));
      const { version, bytes } = held;
      return Effect.succeed({ version, sizeBytes: bytes.byteLength, stream: new Blob([bytes.slice()]).stream() });
    },
    write: (path, content, expected) => {
      const version = this.#held.get(path)?.version ?? absentFile;
      if (expected !== undefined && expected !== version) return Effect.fail(conflict());
      return this.#change(() => this.#put(path, content as Uint8Array));
    },
    remove: (path) => this.#change(() => void this.#held.delete(path)),
    trial: ({ exec, files }) => Effect.sync(() => ({ result, changes: this.#trial(files, exec.argv), unshown: [] })),
  };
}
