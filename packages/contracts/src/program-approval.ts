import { Schema } from "effect";
import { codemodeLimits } from "./codemode-limits.ts";

/** What a person is asked of a program before anything of it counts, and what they answer. */

export const ApprovalId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("ApprovalId"),
);
export type ApprovalId = typeof ApprovalId.Type;

/**
 * What waits for a person, as the thread's socket tells of it. Times are milliseconds since 1970. `question`: a program asks
 * something while it runs; otherwise it wants to change or to send something.
 */
export const PendingApproval = Schema.Struct({
  approvalId: ApprovalId,
  since: Schema.Number,
  until: Schema.Number,
  kind: Schema.optionalKey(Schema.Literal("question")),
});
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

/** One request that the program would send. No secret is in it: each stands by its name, in angle quotes. */
export const ProgramRequest = Schema.Struct({
  method: Schema.String,
  host: Schema.String,
  /** With the query. */
  path: Schema.String,
  headers: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })),
  /** Names of the secrets that are put into it on its way out. */
  secrets: Schema.Array(Schema.String),
  /** Whole; null where it has none. */
  body: Schema.NullOr(Schema.String),
});
export type ProgramRequest = typeof ProgramRequest.Type;

/**
 * `applying`: allowed, and on its way into the workspace. `applied`: the workspace is as it was shown. `failed`: allowed, but
 * nothing was changed, for the reason in `words`. `expired`: nobody answered in time. `withdrawn`: whoever ran the program has
 * given it up. `undone`: it was applied, and somebody has put the files back as they were before.
 */
export const ApprovalState = Schema.Literals([
  "pending",
  "applying",
  "applied",
  "failed",
  "denied",
  "expired",
  "withdrawn",
  "undone",
]);
export type ApprovalState = typeof ApprovalState.Type;

/** Answer of `GET /api/codemode/:threadId/approvals/:approvalId`. */
export const ProgramApproval = Schema.Struct({
  ...PendingApproval.fields,
  state: ApprovalState,
  words: Schema.NullOr(Schema.String),
  program: Schema.String,
  changes: Schema.Array(ProgramChange),
  /** In the order in which they are sent. */
  requests: Schema.Array(ProgramRequest),
});
export type ProgramApproval = typeof ProgramApproval.Type;

/** Body of `POST` there. `always`: this, and from now on everything of the kind in this thread. */
export const DecideApproval = Schema.Struct({ decision: Schema.Literals(["once", "always", "deny"]) });
export type DecideApproval = typeof DecideApproval.Type;

/** Answer: how it stands now. The first decision counts, whoever else decides. */
export const DecidedApproval = Schema.Struct({ state: ApprovalState, words: Schema.NullOr(Schema.String) });
export type DecidedApproval = typeof DecidedApproval.Type;

/** How a question of a program stands. `declined`: a person would not answer. */
export const QuestionState = Schema.Literals(["pending", "answered", "declined", "expired", "withdrawn"]);
export type QuestionState = typeof QuestionState.Type;

/** Answer of `GET /api/codemode/:threadId/questions/:approvalId`. */
export const ProgramQuestion = Schema.Struct({
  ...PendingApproval.fields,
  state: QuestionState,
  question: Schema.String,
  /** Empty: the answer is any text. */
  choices: Schema.Array(Schema.String),
});
export type ProgramQuestion = typeof ProgramQuestion.Type;

/** Body of `POST` there; null: the person would not answer. */
export const AnswerQuestion = Schema.Struct({
  answer: Schema.NullOr(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(codemodeLimits.replyLengthMax))),
});
export type AnswerQuestion = typeof AnswerQuestion.Type;

/** Answer: how it stands now. The first answer counts, whoever else answers. */
export const AnsweredQuestion = Schema.Struct({ state: QuestionState, answer: Schema.NullOr(Schema.String) });
export type AnsweredQuestion = typeof AnsweredQuestion.Type;

/** What programs of a thread do without a question: `GET` and `PUT /api/codemode/:threadId/policy`. */
export const ProgramPolicy = Schema.Struct({ writes: Schema.Literals(["ask", "always"]) });
export type ProgramPolicy = typeof ProgramPolicy.Type;
