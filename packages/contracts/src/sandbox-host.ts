import { Schema } from "effect";
import { Generation, SandboxName } from "./ids.ts";
import { OriginPoint, RestorePoint } from "./points.ts";

/**
 * The control channel between the worker and a sandbox host (`apps/sandbox-host`): HTTP with a bearer token.
 *
 * | method, path                                      | request → answer                        |
 * | GET    /v1/health                                 | → HostHealth (no token needed)          |
 * | GET    /v1/sandboxes                              | → { sandboxes: HostedSandbox[] }        |
 * | PUT    /v1/sandboxes/:name                        | EnsureSandbox → HostedSandbox           |
 * | GET    /v1/sandboxes/:name                        | → HostedSandbox, or 404 NotFound        |
 * | DELETE /v1/sandboxes/:name?keepWorkspace=true     | → 204                                   |
 * | POST   /v1/sandboxes/:name/exec                   | ExecRequest → ExecResult                |
 * | POST   /v1/sandboxes/:name/snapshots             | SavePoint → SavedSnapshot               |
 * | GET    /v1/sandboxes/:name/snapshots             | → { points: HostedPoint[] }             |
 * | GET    /v1/sandboxes/:name/snapshots/:id/changes | → PointChanges                          |
 * | POST   /v1/sandboxes/:name/trials                 | TrialRequest → TrialResult              |
 * | GET / PUT / DELETE /v1/sandboxes/:name/files?path= | bytes; 400 PathRejected outside the workspace |
 * | GET    /v1/sandboxes/:name/entries?path=          | → { entries: FileEntry[] }              |
 * | POST   /v1/sandboxes/:name/folders?path=          | → 204                                   |
 * | POST   /v1/sandboxes/:name/moves                  | MoveEntry → 204                         |
 * | POST   /v1/sandboxes/:name/secrets                | TellSecret → ToldSecret                 |
 * | POST   /v1/sandboxes/:name/opencode              | → RecycledOpenCode                      |
 * | POST   /v1/egress/reconsider                      | ReconsiderEgress → ReconsideredEgress   |
 * | ANY    /v1/sandboxes/:name/ports/:port/*          | HTTP, SSE or WebSocket to a port inside |
 *
 * Bytes of a file go both ways with the file's state as `x-file-version`. A PUT that names one changes nothing unless the
 * file is still in it (`absent`: unless there is none), and a folder or a move takes no place that is taken: 409
 * VersionConflict.
 *
 * PUT of a sandbox answers when OpenCode is ready, or after twenty seconds (one, where it restores files) that it is `starting` and at which step; the
 * same request, repeated, goes on waiting. 503 SandboxUnavailable when it cannot start, 409 Conflict for a generation that is
 * over, 502 SandboxInterrupted when a newer request overtakes it. A generation that has ended is not started again: the
 * answer then says `stopped` or `failed`, and the caller asks for the next one.
 *
 * A host runs a limited number of sandboxes at once. PUT puts an idle one to sleep where it needs its place: that one is
 * `stopped` then, and its reason says so; an open stream, socket or program keeps a sandbox from being idle. While none
 * is idle PUT answers 503 SandboxStarting with `Retry-After`, and the same request, repeated within a few seconds,
 * keeps its position among those who wait.
 *
 * What nothing is under way in naps after some minutes: every process is frozen and keeps its memory. It stays `ready`, and
 * whatever is asked of it thaws it; with the `x-sandbox-look` header it naps on afterwards. The host tells of naps, and of their ends, as it does of ends:
 * see `SandboxNaps`.
 *
 * A host may keep some sandboxes that were started beforehand and belong to nobody: a first start that is nothing special
 * (`own`) is met by one of them where there is one of the same configuration.
 *
 * A trial runs a program on a copy of workspace and home, without any network, and throws the copy away: what it would have
 * changed is in the answer. 403 CapabilityDenied where the host can't make such a copy.
 *
 * A save is of what lies on the disks when it runs, whether the sandbox runs or not. A start whose disks are missing begins
 * with what was saved last. Where that can't be brought back PUT answers 503 StoreUnavailable, at every start until one `startsEmpty`. DELETE without `keepWorkspace` removes the snapshots too.
 *
 * The host tells of every end, whatever the cause, unless the worker asked for it: see `SandboxEnds`.
 *
 * Every refusal of the host's own has the `x-sandbox-host-refusal` header and a `WireErrorBody`. Answers of a program behind
 * a port never have that header, whatever the program sends, so that none can pass for the host. The `x-sandbox-generation` request header, where sent, must equal the
 * running generation, or the answer is 502 SandboxInterrupted (WebSocket: close 4409).
 */
export const sandboxHostApi = {
  prefix: "/v1",
  generationHeader: "x-sandbox-generation",
  /** State of the file that is sent, was written, or is expected. */
  fileVersionHeader: "x-file-version",
  /** Of a request that is a look only: it doesn't count as use, and what naps goes on napping after it. */
  lookHeader: "x-sandbox-look",
  /** On every refusal of the host itself, and on nothing else. */
  refusalHeader: "x-sandbox-host-refusal",
  /** The only header whose `Authorization` reaches the program behind a port; the host renames it back. */
  forwardedAuthorizationHeader: "x-forward-authorization",
} as const;

/**
 * Says that which hosts may be reached has changed: for the sandboxes of that owner, or for all. The host asks anew about every
 * host, and ends the connections to those that would be treated differently now.
 */
export const ReconsiderEgress = Schema.Struct({ owner: Schema.optionalKey(Schema.String) });
export type ReconsiderEgress = typeof ReconsiderEgress.Type;

export const ReconsideredEgress = Schema.Struct({ sandboxes: Schema.Int, connectionsEnded: Schema.Int });
export type ReconsideredEgress = typeof ReconsideredEgress.Type;

/**
 * Says that a secret which programs read has another version now, or none: the sandbox takes the value that comes along, or asks for
 * it anew where none does, hands it to whoever follows it, and lets go of older values.
 */
export const TellSecret = Schema.Struct({
  secretId: Schema.String.check(Schema.isMaxLength(100)),
  name: Schema.String.check(Schema.isPattern(/^[A-Z][A-Z0-9_]{0,63}$/)),
  /** No version below this one may be used any more. */
  minVersion: Schema.Int,
  /** What it is now, as an answer to the sandbox's own question would say; absent: it has to ask. */
  current: Schema.optionalKey(Schema.Struct({ value: Schema.String, version: Schema.Int, expiresAt: Schema.Number })),
});
export type TellSecret = typeof TellSecret.Type;

/**
 * `acknowledged`: it has this version, and whoever follows the secret was told. `unused`: nobody there keeps a value of it.
 * `dropped`: there is none to have, and what was kept is gone. `failed`: it could not ask.
 */
export const ToldSecret = Schema.Struct({
  outcome: Schema.Literals(["acknowledged", "unused", "dropped", "failed"]),
  version: Schema.NullOr(Schema.Int),
});
export type ToldSecret = typeof ToldSecret.Type;

/** How a host may run a sandbox: as jailed processes of its machine, or as a Docker container. */
export const EngineKind = Schema.Literals(["local", "docker"]);
export type EngineKind = typeof EngineKind.Type;

/** Whether sandboxes can be run that way now; where not, why, as a sentence or the beginning of one. */
export const EngineState = Schema.Union([
  Schema.Struct({ available: Schema.Literal(true) }),
  Schema.Struct({ available: Schema.Literal(false), reason: Schema.String }),
]);
export type EngineState = typeof EngineState.Type;

export const EngineStates = Schema.Struct({ local: EngineState, docker: EngineState });
export type EngineStates = typeof EngineStates.Type;

export const HostHealth = Schema.Struct({
  status: Schema.Literal("ok"),
  engine: Schema.Literals(["local", "docker", "none"]),
  /** Why `engine` is `none`, or which protection this machine cannot give: one plain sentence. */
  reason: Schema.optionalKey(Schema.String),
  /** Every way in which it may run a sandbox; `engine` is what a start gets that names none. */
  engines: Schema.optionalKey(EngineStates),
  /** How many sandboxes are ready for new threads; absent where none are kept. */
  warm: Schema.optionalKey(Schema.Int),
});
export type HostHealth = typeof HostHealth.Type;

const ownerLengthMax = 128;
const SandboxOwner = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(ownerLengthMax));

/** How much one start may write. */
export const startFileLimits = { filesMax: 8, contentBytesMax: 65_536 } as const;

/** A file that is there before OpenCode starts: mode 0600, in folders of mode 0700, in place of whatever was there. */
export const StartFile = Schema.Struct({
  /** Below the sandbox's home: plain names with a slash between, none of them `.` or `..`. */
  path: Schema.String.check(
    Schema.isPattern(/^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/),
  ),
  content: Schema.String.check(Schema.isMaxLength(startFileLimits.contentBytesMax)),
});
export type StartFile = typeof StartFile.Type;

const Environment = Schema.Record(Schema.String.check(Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*$/)), Schema.String);
const StartFiles = Schema.Array(StartFile).check(Schema.isMaxLength(startFileLimits.filesMax));

/**
 * What of a start is this thread's alone; all the rest is alike in every start that is nothing special, so that a sandbox that
 * was started beforehand may become this one.
 */
export const OwnParts = Schema.Struct({
  /** Stands in the environment's values. It is shown to the egress relay and nobody else. */
  credential: Schema.String.check(Schema.isMinLength(16)),
  /** Names in the environment that programs need which OpenCode starts, and not OpenCode itself. */
  variables: Schema.Array(Schema.String),
  /** Paths among the files. */
  files: Schema.Array(Schema.String),
});
export type OwnParts = typeof OwnParts.Type;

/** Asks for a running sandbox. Idempotent while the same generation runs; a higher generation replaces it. */
export const EnsureSandbox = Schema.Struct({
  generation: Generation,
  /** `OPENCODE_SERVER_PASSWORD` of this start; an empty one is refused. */
  openCodePassword: Schema.String.check(Schema.isMinLength(32)),
  /**
   * Variables of OpenCode and of everything it starts, its configuration (`OPENCODE_CONFIG_CONTENT`) among them. What it
   * names as base URL points at the egress relay inside (`egressBaseUrl`).
   */
  environment: Environment,
  files: Schema.optionalKey(StartFiles),
  /** Disks that are missing are begun empty, and what was saved of them is put aside. Disks that are there stay. */
  startsEmpty: Schema.optionalKey(Schema.Boolean),
  /** Before OpenCode starts the workspace gets the files of this point. Where that fails it keeps its own, and the start fails. */
  restore: Schema.optionalKey(RestorePoint),
  /** The user trusts what lies in the workspace: OpenCode takes configuration, plugins, skills and instructions from it. */
  trustsWorkspace: Schema.optionalKey(Schema.Boolean),
  /** What it begins with where it has nothing yet. Where that can't be brought PUT answers 503 StoreUnavailable. */
  origin: Schema.optionalKey(OriginPoint),
  /** How it is to be run; the host's own way where absent. Its files are the same either way. */
  engine: Schema.optionalKey(EngineKind),
  /** Whose sandbox it is, in words that mean something to the worker alone; where absent nobody is told of the end. */
  owner: Schema.optionalKey(SandboxOwner),
  /** Where absent the start is never met by a sandbox that was started beforehand. */
  own: Schema.optionalKey(OwnParts),
});
export type EnsureSandbox = typeof EnsureSandbox.Type;

/**
 * The host asks the worker, with the control channel's bearer token: `GET /internal/sandbox-host/warm-plan` → what every start
 * that is nothing special gets at present. `credential` stands in it where a start has its own.
 */
export const WarmPlan = Schema.Struct({
  environment: Environment,
  files: StartFiles,
  credential: Schema.String.check(Schema.isMinLength(16)),
});
export type WarmPlan = typeof WarmPlan.Type;

/** Address of the egress relay as programs inside the sandbox see it. `/model/v1/*` on it is the model gateway. */
export const egressBaseUrl = "http://127.0.0.1:8787";

/** Why a sandbox naps: it wasn't used for some minutes, or the machine is short of memory. */
export const NapCause = Schema.Literals(["idle", "memory"]);
export type NapCause = typeof NapCause.Type;

export const HostedSandbox = Schema.Struct({
  name: SandboxName,
  generation: Generation,
  status: Schema.Literals(["starting", "ready", "stopped", "failed"]),
  /** One plain sentence on the current step or failure. */
  reason: Schema.String,
  /** Milliseconds from spawn to the first healthy answer of OpenCode; absent until then. */
  startedInMs: Schema.optionalKey(Schema.Number),
  /** Present while it naps. */
  nap: Schema.optionalKey(NapCause),
  /** Whether it was started beforehand; absent where it couldn't have been. */
  wasWarm: Schema.optionalKey(Schema.Boolean),
});
export type HostedSandbox = typeof HostedSandbox.Type;

/** How many ends, or naps, one request tells of. */
export const sandboxEndsMax = 64;

/** The end of one generation, as the host saw it. */
export const SandboxEnd = Schema.Struct({
  name: SandboxName,
  generation: Generation,
  /** `stopped`: it was put aside and may be woken. `failed`: it ended for a fault. */
  status: Schema.Literals(["stopped", "failed"]),
  /** One plain sentence. */
  reason: Schema.String,
  /** As `EnsureSandbox` had it. */
  owner: SandboxOwner,
});
export type SandboxEnd = typeof SandboxEnd.Type;

/**
 * The host to the worker, with the control channel's bearer token: `POST /internal/sandbox-host/ended` → `TakenEnds`.
 * Of each sandbox only the newest end is told, again and again until it is taken, also by the next host process.
 */
export const SandboxEnds = Schema.Struct({
  sandboxes: Schema.Array(SandboxEnd).check(Schema.isMaxLength(sandboxEndsMax)),
});

/** A generation has begun to nap, or (`nap` is null) has been thawed. */
export const SandboxNap = Schema.Struct({
  name: SandboxName,
  generation: Generation,
  nap: Schema.NullOr(NapCause),
  owner: SandboxOwner,
});
export type SandboxNap = typeof SandboxNap.Type;

/** The same way: `POST /internal/sandbox-host/naps` → `TakenEnds`. Of each sandbox only the newest is told. */
export const SandboxNaps = Schema.Struct({
  sandboxes: Schema.Array(SandboxNap).check(Schema.isMaxLength(sandboxEndsMax)),
});

/** What came of asking for OpenCode to be started anew where its memory has grown too large. */
export const RecycledOpenCode = Schema.Struct({
  isRecycled: Schema.Boolean,
  /** What it held before, in MiB. */
  memoryMib: Schema.Number,
});
export type RecycledOpenCode = typeof RecycledOpenCode.Type;

/** The answer to `SandboxEnds` and to `SandboxNaps`. */
export const TakenEnds = Schema.Struct({
  /** Those whose thread is changing its sandbox right now: they are to be told again. All others are taken. */
  later: Schema.Array(SandboxName),
});

export const ExecRequest = Schema.Struct({
  /** Program and arguments; no shell takes part unless the caller names one. */
  argv: Schema.NonEmptyArray(Schema.String),
  /** Directory inside the sandbox; the workspace when absent. */
  cwd: Schema.optionalKey(Schema.String),
  env: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** Text for standard input. */
  stdin: Schema.optionalKey(Schema.String),
  timeoutMs: Schema.optionalKey(Schema.Int),
});
export type ExecRequest = typeof ExecRequest.Type;

export const ExecResult = Schema.Struct({
  exitCode: Schema.Int,
  stdout: Schema.String,
  stderr: Schema.String,
  /** True where output past 1 MiB per stream was dropped. */
  isTruncated: Schema.Boolean,
  isTimedOut: Schema.Boolean,
  durationMs: Schema.Number,
});
export type ExecResult = typeof ExecResult.Type;

/** What of a trial's changes is told: what is beyond is named among `unshown`. */
export const trialLimits = { filesMax: 200, bytesMax: 4 * 1024 * 1024, unshownMax: 5 } as const;

/** A file of the workspace, and its bytes in base64; null: there is none. */
export const TrialFile = Schema.Struct({ path: Schema.String, content: Schema.NullOr(Schema.String) });
export type TrialFile = typeof TrialFile.Type;

/** `files` are written to the copy before the program runs. */
export const TrialRequest = Schema.Struct({
  exec: ExecRequest,
  files: Schema.Array(TrialFile).check(Schema.isMaxLength(trialLimits.filesMax)),
});
export type TrialRequest = typeof TrialRequest.Type;

export const TrialResult = Schema.Struct({
  result: ExecResult,
  /** Files of the copy that are not as the workspace has them, those that it began with included. */
  changes: Schema.Array(TrialFile),
  /** What else is different and no content of a file: links, modes, special files, or too much of anything. */
  unshown: Schema.Array(Schema.String),
});
export type TrialResult = typeof TrialResult.Type;

export const FileEntry = Schema.Struct({
  name: Schema.String,
  kind: Schema.Literals(["file", "directory", "symlink", "other"]),
  sizeBytes: Schema.Int,
  modifiedAt: Schema.Number,
});
export type FileEntry = typeof FileEntry.Type;

/** Gives a file, link or folder of the workspace another path in it. */
export const MoveEntry = Schema.Struct({ from: Schema.String, to: Schema.String });
export type MoveEntry = typeof MoveEntry.Type;
