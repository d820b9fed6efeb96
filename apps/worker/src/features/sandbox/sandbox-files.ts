import type { FileVersion } from "@threadbox/contracts/files";
import type { ThreadId } from "@threadbox/contracts/ids";
import type {
  ExecRequest,
  ExecResult,
  FileEntry,
  MoveEntry,
  TrialRequest,
  TrialResult,
} from "@threadbox/contracts/sandbox-host";
import { Context, Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { SandboxError } from "./errors.ts";
import { type ReadFile, SandboxProviders } from "./provider.ts";
import { Sandboxes } from "./sandbox.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

/** The files of one running sandbox; `SandboxProvider` says what each call promises. */
export interface WorkspaceFiles {
  read(path: string): Effect.Effect<ReadFile, SandboxError>;
  write(
    path: string,
    content: Uint8Array | ReadableStream<Uint8Array>,
    expected?: string,
  ): Effect.Effect<FileVersion, SandboxError>;
  remove(path: string): Effect.Effect<void, SandboxError>;
  move(move: MoveEntry): Effect.Effect<void, SandboxError>;
  makeFolder(path: string): Effect.Effect<void, SandboxError>;
  list(path: string): Effect.Effect<readonly FileEntry[], SandboxError>;
  /** Runs a program inside. */
  exec(request: ExecRequest): Effect.Effect<ExecResult, SandboxError>;
  trial(request: TrialRequest): Effect.Effect<TrialResult, SandboxError>;
}

export interface SandboxFilesShape {
  /** The files of the thread's workspace; starts its sandbox where none runs, and counts as activity. */
  open(threadId: ThreadId): Effect.Effect<WorkspaceFiles, SandboxError>;
}

export class SandboxFiles extends Context.Service<SandboxFiles, SandboxFilesShape>()(
  "threadbox/worker/sandbox/SandboxFiles",
) {}

export const sandboxFilesLayer: Layer.Layer<SandboxFiles, never, Sandboxes | SandboxProviders | WorkerConfig> =
  Layer.effect(
    SandboxFiles,
    Effect.gen(function* () {
      const sandboxes = yield* Sandboxes;
      const providers = yield* SandboxProviders;
      const { sandboxNameKey } = yield* WorkerConfig;
      return {
        open: Effect.fn("SandboxFiles.open")(function* (threadId) {
          const provider = providers.of((yield* sandboxes.ensure(threadId)).provider);
          const name = yield* sandboxNameOf(threadId, sandboxNameKey);
          return {
            read: (path) => provider.readFile(name, path),
            write: (path, content, expected) => provider.writeFile(name, path, content, expected),
            remove: (path) => provider.deleteFile(name, path),
            move: (move) => provider.moveFile(name, move),
            makeFolder: (path) => provider.makeFolder(name, path),
            list: (path) => provider.listFiles(name, path),
            exec: (request) => provider.exec(name, request),
            trial: (request) => provider.trial(name, request),
          };
        }),
      };
    }),
  );
