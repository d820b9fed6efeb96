import type { Generation, MessageId, ThreadId } from "@threadbox/contracts/ids";
import type { PointId } from "@threadbox/contracts/points";
import type { SandboxProjection, SandboxProviderId } from "@threadbox/contracts/sandbox";
import type {
  ExecRequest,
  ExecResult,
  SandboxEnd,
  SandboxNap,
  TellSecret,
  ToldSecret,
} from "@threadbox/contracts/sandbox-host";
import { Context, type Effect } from "effect";
import type { SandboxError } from "./errors.ts";
import type { Origin } from "./origin.ts";
import type { Renewal } from "./renewal.ts";

/** What a thread does with its sandbox right now. `busy` also counts as activity. */
export type Activity = "busy" | "idle";

/**
 * The right to use one running generation of a thread's sandbox. It never starts anything: when the generation ends,
 * every call fails with SandboxInterruptedError and a new client must be asked for.
 */
export interface SandboxClient {
  readonly threadId: ThreadId;
  readonly generation: Generation;
  readonly provider: SandboxProviderId;
  /**
   * HTTP to OpenCode with its password added; the body of the answer streams (server-sent events too). `path` begins
   * with a slash. Any status of OpenCode's own is a success here; abort through `init.signal`.
   */
  fetch(path: string, init?: RequestInit): Effect.Effect<Response, SandboxError>;
  /** WebSocket to OpenCode (terminals); the caller accepts it. */
  connect(path: string): Effect.Effect<WebSocket, SandboxError>;
  /** HTTP to another program's port inside, with nothing of ours added. */
  fetchPort(port: number, path: string, init?: RequestInit): Effect.Effect<Response, SandboxError>;
  /** WebSocket to another program's port inside; the caller accepts it. */
  connectPort(port: number, path: string, init?: RequestInit): Effect.Effect<WebSocket, SandboxError>;
  /**
   * What another program of ours inside is to be asked with. It follows from OpenCode's password of this start and from the
   * purpose, and leads back to neither.
   */
  keyFor(purpose: string): Effect.Effect<string>;
  /** Runs a program inside; its output is bounded. */
  exec(request: ExecRequest): Effect.Effect<ExecResult, SandboxError>;
  /** Has whatever keeps a value of that secret inside ask for it anew. */
  tellSecret(news: TellSecret): Effect.Effect<ToldSecret, SandboxError>;
  /**
   * Says that the thread uses its sandbox. Without a call for the idle time (15 min) it is put to sleep, so a turn
   * says `busy` when it starts and at least once a minute while it runs, and `idle` when it ends: `after` is its answer.
   */
  markActivity(activity: Activity, after?: MessageId): Effect.Effect<void, SandboxError>;
}

/** A point, and the answer that its files go with; null: none. */
export interface RestoreTarget {
  readonly pointId: PointId;
  readonly after: MessageId | null;
}

export interface SandboxesShape {
  /** Returns the running sandbox of the thread or starts one; concurrent calls share one start. */
  ensure(threadId: ThreadId): Effect.Effect<SandboxClient, SandboxError>;
  /**
   * The thread will probably need its sandbox soon: starts it where the machine has a place for it at once, and waits for
   * none. What runs counts as used.
   */
  wake(threadId: ThreadId): Effect.Effect<void, SandboxError>;
  /** A client of this generation while it runs; SandboxInterruptedError where it does not. Starts nothing. */
  attach(threadId: ThreadId, generation: Generation): Effect.Effect<SandboxClient, SandboxError>;
  /** A client of what runs now, or null. Starts nothing, and does not count as activity: for a look. */
  peek(threadId: ThreadId): Effect.Effect<SandboxClient | null, SandboxError>;
  /** The thread needs no sandbox any more that `ensure` still waits for: none is started where there was no place yet. */
  giveUp(threadId: ThreadId): Effect.Effect<void, SandboxError>;
  /**
   * Replaces whatever runs by the next generation; the workspace stays. `startsEmpty`: what can't be brought back of it is
   * forgone.
   */
  restart(threadId: ThreadId, startsEmpty?: boolean): Effect.Effect<SandboxProjection, SandboxError>;
  /**
   * The next generation, with the files of a point; `after` is the answer that they go with. What was there becomes a point
   * itself. Where that can't be done the files stay as they are, and whatever ran runs again.
   */
  restore(threadId: ThreadId, target: RestoreTarget): Effect.Effect<void, SandboxError>;
  /** The thread's files begin with another's, once its sandbox starts; refused where it has started before. */
  beginFrom(threadId: ThreadId, origin: Origin): Effect.Effect<void, SandboxError>;
  /** Replaces what runs by the next generation, and proves that the one before opens nothing any more; null where nothing runs. */
  renew(threadId: ThreadId): Effect.Effect<Renewal | null, SandboxError>;
  /** Whether the user trusts what lies in the workspace. */
  isTrusted(threadId: ThreadId): Effect.Effect<boolean, SandboxError>;
  /** Trusts it from the next start of OpenCode on, or no more; what runs is replaced by the next generation where this is a change. */
  setTrusted(threadId: ThreadId, isTrusted: boolean): Effect.Effect<void, SandboxError>;
  /** Current state; `null` where the thread never needed a sandbox. Starts nothing. */
  find(threadId: ThreadId): Effect.Effect<SandboxProjection | null, SandboxError>;
  /**
   * Whether this generation may still act for the thread; one that was replaced may for a few seconds more. Counts as
   * activity when it may.
   */
  isCurrent(threadId: ThreadId, generation: Generation): Effect.Effect<boolean, SandboxError>;
  /** Where the thread's sandbox is to run. VersionConflictError where it has run elsewhere already. Starts nothing. */
  chooseProvider(threadId: ThreadId, provider: SandboxProviderId): Effect.Effect<void, SandboxError>;
  /** Where the thread's sandbox runs or will; null: that is decided by its first start. */
  providerOf(threadId: ThreadId): Effect.Effect<SandboxProviderId | null, SandboxError>;
  /** Which hosts that thread's sandbox may reach has changed, or (null) all threads': whatever runs is told. */
  reconsiderEgress(threadId: ThreadId | null): Effect.Effect<void, SandboxError>;
  /** The bucket has a copy of the thread's workspace: it is to go with the thread. */
  markCopied(threadId: ThreadId): Effect.Effect<void, SandboxError>;
  /** The host says that a generation naps, or (null) that it is awake again. */
  hearNap(threadId: ThreadId, nap: SandboxNap): Effect.Effect<void, SandboxError>;
  /** The host says that a generation has ended. False: not now, to be told again. */
  hearEnd(threadId: ThreadId, end: SandboxEnd): Effect.Effect<boolean, SandboxError>;
}

export class Sandboxes extends Context.Service<Sandboxes, SandboxesShape>()("threadbox/worker/sandbox/Sandboxes") {}
