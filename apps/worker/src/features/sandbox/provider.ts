import type { FileVersion } from "@threadbox/contracts/files";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import type { HostedPoint, PointChanges, PointId, SavePoint } from "@threadbox/contracts/points";
import type { SandboxProviderId, SavedSnapshot } from "@threadbox/contracts/sandbox";
import type {
  EnsureSandbox,
  ExecRequest,
  ExecResult,
  FileEntry,
  HostedSandbox,
  MoveEntry,
  RecycledOpenCode,
  TellSecret,
  ToldSecret,
  TrialRequest,
  TrialResult,
} from "@threadbox/contracts/sandbox-host";
import { Context, type Effect } from "effect";
import type { SandboxError } from "./errors.ts";

/** What a provider may lack. A call to a capability that is not in `capabilities` fails with CapabilityUnsupportedError. */
export type SandboxCapability = "snapshot" | "save" | "recycle" | "tell" | "trial";

/** Saved state of a workspace, opaque to everyone but the provider that made it. */
export type SnapshotId = string;

export interface StartRequest extends EnsureSandbox {
  /** Fills the workspace before OpenCode starts; ignored where the provider keeps the workspace itself. */
  readonly restoreFrom?: SnapshotId | undefined;
}

export interface PortRequest {
  readonly port: number;
  /** Generation the caller believes in; another one running answers SandboxInterruptedError. */
  readonly generation: Generation;
  /** Path and query, with a leading slash. */
  readonly path: string;
  readonly init?: RequestInit | undefined;
  /** It doesn't count as use: what naps goes on napping after it. */
  readonly isLook?: boolean;
}

export interface ReadFile {
  readonly sizeBytes: number;
  readonly version: FileVersion;
  /** To be read or cancelled. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Where sandboxes run. One contract suite (`provider.contract.testing.ts`) holds for every implementation. */
export interface SandboxProviderShape {
  readonly id: SandboxProviderId;
  readonly capabilities: ReadonlySet<SandboxCapability>;
  /** Base address of the egress relay as programs inside see it; `/model/v1/*` on it is the model gateway. */
  readonly egressBaseUrl: string;

  /** Starts the sandbox or returns the running one of the same generation; a higher generation replaces it. */
  ensure(name: SandboxName, request: StartRequest): Effect.Effect<HostedSandbox, SandboxError>;
  /** Current state, or null where no such sandbox is known. */
  info(name: SandboxName): Effect.Effect<HostedSandbox | null, SandboxError>;
  /** Ends every process. Idempotent. With `workspace: "keep"` the files are there again at the next start. */
  destroy(name: SandboxName, options: { readonly workspace: "keep" | "delete" }): Effect.Effect<void, SandboxError>;

  /** `isLook`: it doesn't count as use, and what naps goes on napping after it. */
  exec(name: SandboxName, request: ExecRequest, isLook?: boolean): Effect.Effect<ExecResult, SandboxError>;
  /** Runs a program on a copy of the files, without a network, and tells what it would have changed. */
  trial(name: SandboxName, request: TrialRequest): Effect.Effect<TrialResult, SandboxError>;
  /** Paths are relative to the workspace, or absolute in it. No link in them is followed out of the sandbox. */
  readFile(name: SandboxName, path: string): Effect.Effect<ReadFile, SandboxError>;
  /** With `expected` the file must still be in that state, or, with `absentFile`, not exist: VersionConflictError. */
  writeFile(
    name: SandboxName,
    path: string,
    content: Uint8Array | ReadableStream<Uint8Array>,
    expected?: string | undefined,
  ): Effect.Effect<FileVersion, SandboxError>;
  /** A folder goes with everything in it. */
  deleteFile(name: SandboxName, path: string): Effect.Effect<void, SandboxError>;
  /** VersionConflictError where there is something at `to`. */
  moveFile(name: SandboxName, move: MoveEntry): Effect.Effect<void, SandboxError>;
  /** VersionConflictError where there is something of that path. */
  makeFolder(name: SandboxName, path: string): Effect.Effect<void, SandboxError>;
  listFiles(name: SandboxName, path: string): Effect.Effect<readonly FileEntry[], SandboxError>;

  /** HTTP to a port inside; the body streams. Redirects are handed back, never followed. */
  fetchPort(name: SandboxName, request: PortRequest): Effect.Effect<Response, SandboxError>;
  /** Opens a WebSocket to a port inside; the caller accepts it. */
  connectPort(name: SandboxName, request: PortRequest): Effect.Effect<WebSocket, SandboxError>;

  /**
   * Which hosts may be reached has changed, for the sandboxes of that owner or (null) for all. Once it has succeeded every
   * connection is decided anew, also those that were open.
   */
  reconsiderEgress(owner: string | null): Effect.Effect<void, SandboxError>;

  /** Says that a secret has changed, to that generation; it answers when it has asked for it anew. */
  tellSecret(name: SandboxName, generation: Generation, news: TellSecret): Effect.Effect<ToldSecret, SandboxError>;

  snapshot(name: SandboxName): Effect.Effect<SnapshotId, SandboxError>;
  /**
   * Saves what is on the sandbox's disks beside what goes on in it, where the provider keeps the disks and brings the newest
   * snapshot back by itself once they are lost.
   */
  save(name: SandboxName, point: SavePoint): Effect.Effect<SavedSnapshot, SandboxError>;
  /** What `save` has saved and is kept, the newest first; a start may `restore` one of them. */
  listPoints(name: SandboxName): Effect.Effect<readonly HostedPoint[], SandboxError>;
  /** How the workspace differs from a point's. */
  comparePoint(name: SandboxName, id: PointId): Effect.Effect<PointChanges, SandboxError>;
  restore(name: SandboxName, snapshot: SnapshotId): Effect.Effect<void, SandboxError>;
  /** Starts OpenCode anew, and nothing else, where it has grown past its provider's limit. */
  recycle(name: SandboxName, generation: Generation): Effect.Effect<RecycledOpenCode, SandboxError>;
}

/** Where one thread's sandbox runs. */
export interface ThreadProviderShape extends SandboxProviderShape {
  /** Decides that before the first start, where nobody has; fails where no provider can be had. Nothing where it's decided. */
  readonly settle?: Effect.Effect<void, SandboxError>;
}

export class SandboxProvider extends Context.Service<SandboxProvider, ThreadProviderShape>()(
  "threadbox/worker/sandbox/SandboxProvider",
) {}

export interface SandboxProvidersShape {
  /** One that isn't configured refuses every call, and says so. */
  of(id: SandboxProviderId): SandboxProviderShape;
  /** Whose sandboxes those are of which nobody has noted it. */
  readonly former: SandboxProviderId;
  /** As `SandboxProviderShape.reconsiderEgress`, for all of them. */
  readonly reconsiderEgress: SandboxProviderShape["reconsiderEgress"];
}

/** All the places where this installation may run sandboxes. */
export class SandboxProviders extends Context.Service<SandboxProviders, SandboxProvidersShape>()(
  "threadbox/worker/sandbox/SandboxProviders",
) {}
