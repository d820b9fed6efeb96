import { Schema } from "effect";
import { Generation, ThreadId } from "./ids.ts";

export const SandboxProviderId = Schema.Literals(["cloudflare", "docker", "local"]);
export type SandboxProviderId = typeof SandboxProviderId.Type;

/** Where a thread's sandbox is to run. `PUT /api/sandbox/:threadId/provider`; refused once it has run elsewhere. */
export const ChooseProvider = Schema.Struct({ provider: SandboxProviderId });
export type ChooseProvider = typeof ChooseProvider.Type;

/**
 * none → starting → ready ⇄ busy; ready ⇄ napping; ready, napping → asleep → starting; any → failed → starting; any → destroyed.
 * `none` means that the thread never needed one. `napping`: its processes are frozen and keep their memory; use thaws them.
 */
export const SandboxStatus = Schema.Literals([
  "none",
  "starting",
  "ready",
  "busy",
  "napping",
  "asleep",
  "failed",
  "destroyed",
]);
export type SandboxStatus = typeof SandboxStatus.Type;

/** Whether OpenCode of that sandbox answers at once. */
export const isUp = (status: SandboxStatus | undefined): boolean =>
  status === "ready" || status === "busy" || status === "napping";

/** The newest saved state of a sandbox's workspace and OpenCode's sessions. */
export const SavedSnapshot = Schema.Struct({
  id: Schema.String.check(Schema.isMaxLength(128)),
  /** Milliseconds since 1970. */
  at: Schema.Number,
  /** What all snapshots of the sandbox take together where they are kept. */
  bytes: Schema.Number,
  /** What it lacks, where that is anything: one plain sentence. */
  warning: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(300))),
  /** The workspace's disk had hardly any room left. */
  isDiskFull: Schema.optionalKey(Schema.Boolean),
});
export type SavedSnapshot = typeof SavedSnapshot.Type;

/** How it stands with the saves of a sandbox. Times are milliseconds since 1970. */
export const SaveState = Schema.Struct({
  /** Grows with every change: an older one is no news. */
  revision: Schema.Number,
  /** What was on the disks then is saved; absent while nothing is. */
  savedAt: Schema.optionalKey(Schema.Number),
  /** What the newest snapshot lacks: one plain sentence. */
  warning: Schema.optionalKey(Schema.String),
  /** The workspace's disk had hardly any room left then: writing fails, or is about to. */
  isDiskFull: Schema.optionalKey(Schema.Boolean),
  /** Present while a snapshot is being made: since when. */
  savingSince: Schema.optionalKey(Schema.Number),
  /** Why the last attempt failed: one plain sentence. Absent once one has not. */
  problem: Schema.optionalKey(Schema.String),
});
export type SaveState = typeof SaveState.Type;

/** What the thread's page shows of its sandbox. The worker writes it, Convex stores it, the browser reads it. */
export const SandboxProjection = Schema.Struct({
  threadId: ThreadId,
  status: SandboxStatus,
  provider: SandboxProviderId,
  generation: Generation,
  /** One plain sentence: which step of starting, or why it failed. Never an internal. */
  reason: Schema.String,
  /** Milliseconds since 1970 at which `status` began. */
  since: Schema.Number,
  /** It failed because what was saved can't be brought back: without that it would start. */
  canStartEmpty: Schema.optionalKey(Schema.Boolean),
  /** Absent where its provider saves nothing, or nothing was tried yet. */
  saves: Schema.optionalKey(SaveState),
});
export type SandboxProjection = typeof SandboxProjection.Type;
