import { Schema } from "effect";

/** Bounds of what is told of the changes in a workspace. */
export const changesLimits = {
  /** Files that one answer names; the rest is only counted as cut. */
  filesMax: 2_000,
  /** Folders with a repository of their own that are looked into, the workspace itself besides. */
  rootsMax: 8,
} as const;

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

/** Answer of `GET /api/sandbox/:threadId/changes`, with `?path=` of that file alone. */
export const Changes = Schema.Struct({
  roots: Schema.Array(ChangesRoot),
  /** Sorted by path. */
  files: Schema.Array(ChangedFile),
  /** True where there are more. */
  isCut: Schema.Boolean,
});
export type Changes = typeof Changes.Type;

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
