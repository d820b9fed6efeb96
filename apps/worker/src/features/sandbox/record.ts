import {
  Generation,
  MessageId,
  SandboxName,
  type ThreadId,
  ThreadId as ThreadIdSchema,
} from "@threadbox/contracts/ids";
import type { LifecycleCause } from "@threadbox/contracts/journal";
import { type SandboxProjection, type SandboxProviderId, SandboxStatus } from "@threadbox/contracts/sandbox";
import { Schema } from "effect";
import { SaveRecord, toSaveState } from "./save-record.ts";
import { Cause, Stretch } from "./stretches.ts";

/** What the thread's Durable Object keeps of its sandbox. Single writer: the lifecycle. */
export const SandboxRecord = Schema.Struct({
  threadId: ThreadIdSchema,
  name: SandboxName,
  generation: Generation,
  status: SandboxStatus,
  reason: Schema.String,
  since: Schema.Number,
  /** OpenCode's password of this generation; empty when nothing runs. Never leaves the worker. */
  password: Schema.String,
  activityAt: Schema.Number,
  accessCheckedAt: Schema.Number,
  /** When the thread was found to be gone; the workspace follows once that is final. */
  accessLostAt: Schema.NullOr(Schema.Number),
  snapshot: Schema.NullOr(Schema.String),
  /** False in a record of before reports had an outbox, where Convex has not seen this state. */
  isReported: Schema.optionalKey(Schema.Boolean),
  /** Why it is in this state, where that is not the usual cause. */
  cause: Schema.optionalKey(Cause),
  /** It failed because what was saved can't be brought back. */
  canStartEmpty: Schema.optionalKey(Schema.Boolean),
  saves: Schema.optionalKey(SaveRecord),
  /** The bucket has a copy of the workspace, which goes when the thread goes, also while the sandbox sleeps. */
  isCopied: Schema.optionalKey(Schema.Boolean),
  /** The answer whose turn was the last to work on the files as they are. */
  after: Schema.optionalKey(MessageId),
  /** A turn has ended since OpenCode was last asked whether it has grown too large. */
  mayHaveGrown: Schema.optionalKey(Schema.Boolean),
  /** The user trusts what lies in the workspace. */
  trustsWorkspace: Schema.optionalKey(Schema.Boolean),
  /** The workspace was removed with its thread: nothing is left that would have to go. */
  isGone: Schema.optionalKey(Schema.Boolean),
  /** The start, the work or the nap that is under way. */
  stretch: Schema.optionalKey(Stretch),
});
export type SandboxRecord = typeof SandboxRecord.Type;

const runningStatuses: ReadonlySet<SandboxStatus> = new Set(["starting", "ready", "busy", "napping"]);

/** Whether processes of this generation may exist. */
export const isRunning = (record: SandboxRecord | null): record is SandboxRecord =>
  record !== null && runningStatuses.has(record.status);

export const toProjection = (record: SandboxRecord, provider: SandboxProviderId): SandboxProjection => ({
  threadId: record.threadId,
  status: record.status,
  provider,
  generation: record.generation,
  reason: record.reason,
  since: record.since,
  ...(record.canStartEmpty === true ? { canStartEmpty: true } : {}),
  ...(record.saves === undefined ? {} : { saves: toSaveState(record.saves) }),
});

/** A new state of the same record. `since` grows strictly, so that Convex can tell the later of two reports. */
export const withStatus = (
  { cause: _, canStartEmpty: __, ...record }: SandboxRecord,
  status: SandboxStatus,
  reason: string,
  now: number,
): SandboxRecord => ({
  ...record,
  status,
  reason,
  since: Math.max(now, record.since + 1),
  password: runningStatuses.has(status) ? record.password : "",
});

const startWords = (previous: SandboxRecord | null): string => {
  if (previous === null) return "Starting the sandbox.";
  return previous.status === "asleep" ? "Waking the sandbox." : "Restarting…";
};

/**
 * The next start. Generations are never used twice, even when a start is cut short; `leap` skips some, where the
 * provider knows of higher ones.
 */
export const nextStart = (
  previous: SandboxRecord | null,
  identity: { readonly threadId: ThreadId; readonly name: SandboxName },
  password: string,
  now: number,
  { leap, cause, startsEmpty = false }: { leap: number; cause: LifecycleCause; startsEmpty?: boolean },
): SandboxRecord => ({
  ...identity,
  cause,
  generation: Generation.make((previous?.generation ?? 0) + leap),
  status: "starting",
  reason: startWords(previous),
  since: previous === null ? now : Math.max(now, previous.since + 1),
  password,
  activityAt: now,
  accessCheckedAt: previous?.accessCheckedAt ?? 0,
  accessLostAt: null,
  snapshot: previous?.snapshot ?? null,
  ...(previous?.saves === undefined ? {} : { saves: previous.saves }),
  ...(previous?.isCopied === true ? { isCopied: true } : {}),
  ...(previous?.after === undefined ? {} : { after: previous.after }),
  // What was trusted is not there any more.
  ...(previous?.trustsWorkspace === true && !startsEmpty ? { trustsWorkspace: true } : {}),
});
