import type { Duplex } from "node:stream";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { HostedPoint, PointChanges, SavePoint } from "@threadbox/contracts/points";
import type { SavedSnapshot } from "@threadbox/contracts/sandbox";
import type {
  EngineStates,
  EnsureSandbox,
  ExecRequest,
  ExecResult,
  HostHealth,
  RecycledOpenCode,
  TellSecret,
  ToldSecret,
  TrialRequest,
  TrialResult,
  WarmPlan,
} from "@threadbox/contracts/sandbox-host";

/** Hears of what passes between the programs of a sandbox and the world by way of the relay. */
export interface Traffic {
  /** Bytes have come or gone. */
  note(): void;
  /** A program's request waits for its answer, until the returned function is called; again it does nothing. */
  begin(): () => void;
}

/** What one start needs. */
export interface SandboxStart {
  readonly name: SandboxName;
  readonly request: EnsureSandbox;
  readonly traffic: Traffic;
}

/** Why a sandbox is no longer running; `reason` is one plain sentence. */
export interface SandboxEnd {
  readonly status: "stopped" | "failed";
  readonly reason: string;
}

/** One start of one sandbox. It stays the same object until it has ended. */
export interface RunningSandbox {
  /** Milliseconds from spawn to OpenCode's first healthy answer. */
  readonly startedInMs: number;
  /** Settles once, when no process of the sandbox is left. */
  readonly ended: Promise<SandboxEnd>;
  /** What a request to OpenCode has to show in place of this start's own authorization; absent: just that. */
  readonly authorize?: (authorization: string) => string;
  /** Whether it was started beforehand; absent where it couldn't have been. */
  readonly wasWarm?: boolean;
  /** Opens a byte stream to a TCP port on the sandbox's loopback; it closes at once when nothing listens there. */
  connect(port: number): Duplex;
  /** Runs a program beside OpenCode, with its limits. Rejects with `HostError` when the sandbox ends meanwhile. */
  exec(request: ExecRequest): Promise<ExecResult>;
  /** A secret has changed. What the sandbox says of it is its own word; one that says nothing has failed. */
  tellSecret(news: TellSecret): Promise<ToldSecret>;
  /** Runs a program on a copy, and tells what it would have changed. */
  trial(request: TrialRequest): Promise<TrialResult>;
  /** Which hosts may be reached has changed. Resolves to how many connections that has ended. */
  reconsiderEgress(): Promise<number>;
  /** Stops every process where it is, and keeps its memory. Nothing may be asked of the sandbox until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Whether a process has ended, or is about to, since the sandbox was frozen. */
  isHurt(): boolean;
  /** Processor time of the programs in it so far, without OpenCode, in milliseconds; less where some have ended. */
  processorMs(): number;
  /** Starts OpenCode anew where it has grown past the host's limit; all that else runs inside goes on. */
  recycleOpenCode(): Promise<RecycledOpenCode>;
  /** Kills every process inside and resolves when none is left. May be called again. */
  stop(reason: string): Promise<void>;
}

/** The folder that a sandbox sees as its workspace, and who must own files in it. */
export interface WorkspaceLocation {
  readonly path: string;
  /** Absent where the host itself runs as the owner. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** A workspace in the hands of one request. */
export interface OpenWorkspace {
  readonly location: WorkspaceLocation;
  /** To be called when the request is over, however it ended. Files that are still open stay readable. */
  release(): void;
}

/** A folder that a sandbox fills and that has no quota of its own. */
export interface CountedFolder {
  /** Which one, as it is told to people: `workspace`, `home folder`. */
  readonly folder: string;
  readonly bytes: number;
  readonly files: number;
}

/** A sandbox that was started beforehand and is nobody's. It can reach nothing. */
export interface WarmSandbox {
  readonly ended: Promise<SandboxEnd>;
  /** Becomes this start's, once. Rejects with `HostError` after cleaning up. */
  assign(start: SandboxStart): Promise<RunningSandbox>;
  stop(reason: string): Promise<void>;
}

/** What an engine that starts sandboxes beforehand can do. */
export interface WarmStarts {
  /** Resolves when all is done that can be without a thread; rejects after cleaning up. `signal` abandons the start. */
  start(plan: WarmPlan, signal: AbortSignal): Promise<WarmSandbox>;
  /** Whether nothing is kept of a sandbox of that name. */
  isNew(name: SandboxName): Promise<boolean>;
}

/** A way of running sandboxes on this machine. */
export interface SandboxEngine {
  readonly kind: HostHealth["engine"];
  /** Why the engine is `none`, or which protection the machine does not offer. */
  readonly reason?: string;
  /** Which of the ways to run a sandbox can be had now; a start names one, or is given that of `kind`. */
  states(): Promise<EngineStates>;
  /** What new workspaces are kept on: images are full when they are full, folders are counted. */
  readonly disks: "images" | "folders";
  /** Kills and removes whatever an earlier host process left behind. */
  reap(): Promise<void>;
  /** Resolves when OpenCode answers; rejects with `HostError` after cleaning up. `signal` abandons the start. */
  start(start: SandboxStart, signal: AbortSignal): Promise<RunningSandbox>;
  /** Absent: every start begins when it is asked for. */
  readonly warm?: WarmStarts;
  /** What a start that takes its time is at, as a sentence; undefined where there is nothing to say. */
  stepOf(name: SandboxName): string | undefined;
  /** Undefined when the sandbox never had a workspace here. */
  openWorkspace(name: SandboxName): Promise<OpenWorkspace | undefined>;
  /** Bytes that the sandbox keeps on disk. */
  measureFiles(name: SandboxName): Promise<number>;
  /** Empty where the sandbox's disks hold its limits themselves. */
  countFolders(name: SandboxName): Promise<readonly CountedFolder[]>;
  /**
   * Saves workspace and OpenCode's state where the loss of the sandbox's disks does not reach them; a start whose disks are
   * missing brings them back. Rejects with `HostError`, and what was saved before stays.
   */
  save(name: SandboxName, point: SavePoint): Promise<SavedSnapshot>;
  /** What was saved and is kept, the newest first. */
  listPoints(name: SandboxName): Promise<readonly HostedPoint[]>;
  /** How the workspace differs from a point's. Rejects with NotFound where that isn't kept, or there is no workspace. */
  comparePoint(name: SandboxName, id: string): Promise<PointChanges>;
  /** Ends every save that is under way. */
  abandonSaves(): Promise<void>;
  /** Deletes workspace, home and snapshots. Only for a sandbox that does not run. */
  removeFiles(name: SandboxName): Promise<void>;
}
