import { Schema } from "effect";

/** What a person is asked of a program before anything of it counts, and what they answer. */

export const ApprovalId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("ApprovalId"),
);
export type ApprovalId = typeof ApprovalId.Type;

/** An approval that waits for a person, as the thread's socket tells of it. Times are milliseconds since 1970. */
export const PendingApproval = Schema.Struct({ approvalId: ApprovalId, since: Schema.Number, until: Schema.Number });
export type PendingApproval = typeof PendingApproval.Type;

/** One file that the program would change. */
export const ProgramChange = Schema.Struct({
  path: Schema.String,
  change: Schema.Literals(["added", "modified", "deleted"]),
  /** Lines; null where it is not text. */
  additions: Schema.NullOr(Schema.Int),
  deletions: Schema.NullOr(Schema.Int),
  /** Unified, and whole; null where it is not text. */
  diff: Schema.NullOr(Schema.String),
  /** Before and after; null where there is no file. */
  bytesBefore: Schema.NullOr(Schema.Int),
  bytesAfter: Schema.NullOr(Schema.Int),
});
export type ProgramChange = typeof ProgramChange.Type;

/**
 * `applying`: allowed, and on its way into the workspace. `applied`: the workspace is as it was shown. `failed`: allowed, but
 * nothing was changed, for the reason in `words`. `expired`: nobody answered in time. `withdrawn`: whoever ran the program has
 * given it up.
 */
export const ApprovalState = Schema.Literals([
  "pending",
  "applying",
  "applied",
  "failed",
  "denied",
  "expired",
  "withdrawn",
]);
export type ApprovalState = typeof ApprovalState.Type;

/** Answer of `GET /api/codemode/:threadId/approvals/:approvalId`. */
export const ProgramApproval = Schema.Struct({
  ...PendingApproval.fields,
  state: ApprovalState,
  words: Schema.NullOr(Schema.String),
  program: Schema.String,
  changes: Schema.Array(ProgramChange),
});
export type ProgramApproval = typeof ProgramApproval.Type;

/** Body of `POST` there. `always`: this, and from now on everything of the kind in this thread. */
export const DecideApproval = Schema.Struct({ decision: Schema.Literals(["once", "always", "deny"]) });
export type DecideApproval = typeof DecideApproval.Type;

/** Answer: how it stands now. The first decision counts, whoever else decides. */
export const DecidedApproval = Schema.Struct({ state: ApprovalState, words: Schema.NullOr(Schema.String) });
export type DecidedApproval = typeof DecidedApproval.Type;

/** What programs of a thread do without a question: `GET` and `PUT /api/codemode/:threadId/policy`. */
export const ProgramPolicy = Schema.Struct({ writes: Schema.Literals(["ask", "always"]) });
export type ProgramPolicy = typeof ProgramPolicy.Type;
