import { Schema } from "effect";
import { FilePath } from "./files.ts";
import { TurnId } from "./ids.ts";

/** Bounds of what is told of the changes in a workspace. */
export const changesLimits = {
  /** Files that one answer names; the rest is only counted as cut. */
  filesMax: 2_000,
  /** Folders with a repository of their own that are looked into, the workspace itself besides. */
  rootsMax: 8,
  /** Turns that one answer lists, the latest ones. */
  turnsMax: 50,
  /** Longest title of a turn, in characters. */
  turnTitleLengthMax: 80,
  /** All hunks that are accepted at once, in bytes. */
  acceptBytesMax: 1024 * 1024,
} as const;

/**
 * `?scope=`: `open` is what nobody has accepted yet, and counts where none is named; `all` is everything since the work
 * began. With `?turn=` in its place: what changed between the end of the turn before it and its own.
 */
export const ChangesScope = Schema.Literals(["open", "all"]);
export type ChangesScope = typeof ChangesScope.Type;

/** A turn at whose end files were different from the end of the one before. */
export const ChangesTurn = Schema.Struct({
  turnId: TurnId,
  /** The beginning of what was asked. */
  title: Schema.String,
  /** Epoch milliseconds. */
  endedAt: Schema.Number,
});
export type ChangesTurn = typeof ChangesTurn.Type;

/** Where the thread's work in one folder began. */
export const ChangesRoot = Schema.Struct({
  /** Relative to the workspace, without a slash at either end; the workspace itself is the empty text. */
  path: Schema.String,
  /** The commit that was cloned there; null where the work began with nothing. */
  commit: Schema.NullOr(Schema.String),
});
export type ChangesRoot = typeof ChangesRoot.Type;

/** How one file differs from where the thread's work began. */
export const ChangedFile = Schema.Struct({
  path: Schema.String,
  change: Schema.Literals(["added", "deleted", "modified"]),
  /** Lines; null where the file is not text, or too large to be compared. */
  additions: Schema.NullOr(Schema.Int),
  deletions: Schema.NullOr(Schema.Int),
  /**
   * The hunks as `git diff` writes them, from the first `@@` on; empty where only the mode changed. Null: not text, or
   * left out of this answer, which holds 1 MiB for each root.
   */
  hunks: Schema.NullOr(Schema.String),
  /** `link`: a symbolic link on either side; its text is where it leads. */
  kind: Schema.Literals(["file", "link"]),
});
export type ChangedFile = typeof ChangedFile.Type;

/** Answer of `GET /api/sandbox/:threadId/changes` in the scope that was asked for, with `?path=` of that file alone. */
export const Changes = Schema.Struct({
  roots: Schema.Array(ChangesRoot),
  /** Latest first. */
  turns: Schema.Array(ChangesTurn),
  /** Whether there are changes that somebody has accepted. */
  hasAccepted: Schema.Boolean,
  /** Sorted by path. */
  files: Schema.Array(ChangedFile),
  /** True where there are more. */
  isCut: Schema.Boolean,
});
export type Changes = typeof Changes.Type;

/** What of one file is accepted. */
export const AcceptedFile = Schema.Struct({
  path: FilePath,
  change: ChangedFile.fields.change,
  /** Some or all of its hunks in the scope `open`, as they were told; null: the file as it is now, for one without lines. */
  hunks: Schema.NullOr(Schema.String),
  /** All of the file is accepted: its mode too. */
  isWhole: Schema.Boolean,
});
export type AcceptedFile = typeof AcceptedFile.Type;

/**
 * Body of `POST /api/sandbox/:threadId/accepted-changes`: the scope `open` no longer tells of these, or, with `isUndone`,
 * does so again. The files themselves, and a repository's own index, stay as they are. 409 VersionConflict where the hunks
 * aren't the ones that are open: nothing is accepted then.
 */
export const AcceptChanges = Schema.Struct({
  files: Schema.Array(AcceptedFile).check(Schema.isMinLength(1), Schema.isMaxLength(changesLimits.filesMax)),
  isUndone: Schema.Boolean,
});
export type AcceptChanges = typeof AcceptChanges.Type;

/** Files that one answer marks. */
export const gitMarksMax = 5_000;

/** What git says of one file, or of a folder that it knows nothing of. */
export const GitMark = Schema.Struct({
  /** Relative to the workspace. */
  path: Schema.String,
  /** `staged`: all that is different will be in the next commit. */
  mark: Schema.Literals(["modified", "staged", "untracked", "conflict"]),
});
export type GitMark = typeof GitMark.Type;

/** Answer of `GET /api/sandbox/:threadId/git-marks`: what differs from the last commit, in every repository of the workspace. */
export const GitMarks = Schema.Struct({
  marks: Schema.Array(GitMark),
  /** True where there are more. */
  isCut: Schema.Boolean,
});
export type GitMarks = typeof GitMarks.Type;
