import { Schema } from "effect";
import { MessageId, SandboxName, ThreadId } from "./ids.ts";
import { pointLimits } from "./point-limits.ts";

export const PointId = Schema.String.check(Schema.isPattern(/^(?:[0-9a-f]{64}|beginning)$/));
export type PointId = typeof PointId.Type;

/**
 * What a point was made for: a turn was over, the sandbox had stopped, it was in use, its host was told to stop, or other
 * files were about to take the place of its own.
 */
export const PointCause = Schema.Literals(["turn", "end", "use", "stop", "restore"]);
export type PointCause = typeof PointCause.Type;

/** A snapshot that files can be restored to, as whoever keeps it tells of it. */
export const HostedPoint = Schema.Struct({
  id: PointId,
  /** Milliseconds since 1970. */
  at: Schema.Number,
  cause: PointCause,
  /** The answer whose turn was the last to work on these files. */
  after: Schema.optionalKey(MessageId),
  /** What its files hold together. */
  bytes: Schema.Number,
});
export type HostedPoint = typeof HostedPoint.Type;

/** What is told with a save. */
export const SavePoint = Schema.Struct({ cause: PointCause, after: Schema.optionalKey(MessageId) });
export type SavePoint = typeof SavePoint.Type;

/** With a start: the workspace is to hold that point's files. What it held is saved before, told with `after`. */
export const RestorePoint = Schema.Struct({ id: PointId, after: Schema.optionalKey(MessageId) });
export type RestorePoint = typeof RestorePoint.Type;

/**
 * With a start: what a sandbox begins with that has no files yet and of which nothing was saved. The point is another sandbox's,
 * which stays as it is; OpenCode's sessions of that moment come with its files.
 */
export const OriginPoint = Schema.Struct({ name: SandboxName, id: PointId });
export type OriginPoint = typeof OriginPoint.Type;

/** What a restore would do with a path: bring it back, change it, or take it away. */
export const PathChange = Schema.Literals(["back", "changed", "gone"]);
export type PathChange = typeof PathChange.Type;

/** How the workspace differs from a point. */
export const PointChanges = Schema.Struct({
  back: Schema.Int,
  changed: Schema.Int,
  gone: Schema.Int,
  /** By path. What lies in a `.git` or a `node_modules` is one row, with how many files of it there are. */
  rows: Schema.Array(
    Schema.Struct({ path: Schema.String, change: PathChange, files: Schema.optionalKey(Schema.Int) }),
  ).check(Schema.isMaxLength(pointLimits.pathsMax)),
  /** There are more rows than those. */
  isCut: Schema.Boolean,
});
export type PointChanges = typeof PointChanges.Type;

/** A point as the page shows it. */
export interface ThreadPoint extends HostedPoint {
  /** How the message begins that was answered last. */
  readonly about?: string;
}

export interface ThreadPoints {
  /** The newest first. The beginning is not among them. */
  readonly points: readonly ThreadPoint[];
  /** The files as they were before the message that the query names; null where no such point is kept. */
  readonly before?: PointId | null;
}

/** Puts a point's files in the place of the thread's. */
export const RestoreFiles = Schema.Struct({
  pointId: PointId,
  /**
   * Where the conversation goes on: after this message, or (null) at its beginning. What came after it stays, as another
   * version. Absent: the conversation stays as it is.
   */
  goesOnAfter: Schema.optionalKey(Schema.NullOr(MessageId)),
});
export type RestoreFiles = typeof RestoreFiles.Type;

export interface RestoredFiles {
  /** What leads back. */
  readonly undo: RestoreFiles | null;
}

/** Lets a new thread begin with this one's conversation, files and OpenCode session as they were. */
export const BeginOffshoot = Schema.Struct({
  /** The new thread: the user's own, and empty. */
  threadId: ThreadId,
  /** Its conversation ends with this answer; null: it has none. */
  after: Schema.NullOr(MessageId),
  /** Its files; absent: those of the newest point with that message. */
  pointId: Schema.optionalKey(PointId),
});
export type BeginOffshoot = typeof BeginOffshoot.Type;
