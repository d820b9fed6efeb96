import type { ThreadId } from "@threadbox/contracts/ids";
import type {
  AnsweredQuestion,
  AnswerQuestion,
  ApprovalId,
  DecideApproval,
  DecidedApproval,
  PendingApproval,
  ProgramApproval,
  ProgramPolicy,
  ProgramQuestion,
} from "@threadbox/contracts/program-approval";
import type { KeepSnippet, ProgramRuns, Snippet, SnippetId } from "@threadbox/contracts/program-runs";
import { Context, Effect, Layer, Schedule } from "effect";
import type { RefusedError } from "../../http/failure.ts";
import type { ApprovalEnd, NewApproval } from "./approval-book.ts";
import { approvalRefused } from "./errors.ts";
import type { Decider } from "./program-approvals.ts";
import type { NewQuestion, QuestionStanding } from "./question-book.ts";
import { programApprovalsRef } from "./refs.ts";
import type { NewReceipt, ReceiptPlace } from "./run-book.ts";

type Answer<A> = Effect.Effect<A, RefusedError>;

/** What programs of a thread ask, and what they do unasked. */
export interface ApprovalsShape {
  begin(
    threadId: ThreadId,
    programHash: string,
  ): Answer<{ readonly policy: ProgramPolicy; readonly resumed: ApprovalId | null }>;
  /** Null: as many as may wait do so already. */
  open(threadId: ThreadId, wish: NewApproval): Answer<PendingApproval | null>;
  /** Waits for the end, through the loss of whatever keeps it. */
  outcome(threadId: ThreadId, approvalId: ApprovalId): Effect.Effect<ApprovalEnd>;
  /** What the program had come to; null where that was told before. */
  report(threadId: ThreadId, approvalId: ApprovalId): Answer<string | null>;
  told(threadId: ThreadId, approvalId: ApprovalId): Answer<void>;
  withdraw(threadId: ThreadId, approvalId: ApprovalId): Answer<void>;
  find(threadId: ThreadId, approvalId: ApprovalId): Answer<ProgramApproval>;
  /** Asks a person, or comes to what they were asked before; null: as many as may wait do so already. */
  ask(threadId: ThreadId, wish: NewQuestion): Answer<ApprovalId | null>;
  /** Waits for the answer, through the loss of whatever keeps it. */
  answered(threadId: ThreadId, approvalId: ApprovalId): Effect.Effect<QuestionStanding>;
  findQuestion(threadId: ThreadId, approvalId: ApprovalId): Answer<ProgramQuestion>;
  answer(threadId: ThreadId, approvalId: ApprovalId, wish: AnswerQuestion): Answer<AnsweredQuestion>;
  /** The text of a program that was lost while it asked; null: there is none. */
  programOf(threadId: ThreadId, programHash: string): Answer<string | null>;
  /** A run of that program is over. */
  ranOut(threadId: ThreadId, programHash: string): Answer<void>;
  decide(threadId: ThreadId, approvalId: ApprovalId, wish: DecideApproval, by: Decider): Answer<DecidedApproval>;
  /** Puts the files back as they were before it; answers how it stands then. */
  undo(threadId: ThreadId, approvalId: ApprovalId, by: Decider): Answer<DecidedApproval>;
  /** Adds to the thread's chain; answers with its place there. */
  addReceipt(threadId: ThreadId, receipt: NewReceipt): Answer<ReceiptPlace>;
  runs(threadId: ThreadId): Answer<ProgramRuns>;
  findSnippet(threadId: ThreadId, snippetId: SnippetId): Answer<Snippet>;
  keepSnippet(threadId: ThreadId, snippetId: SnippetId, wish: KeepSnippet): Answer<Snippet>;
  dropSnippet(threadId: ThreadId, snippetId: SnippetId): Answer<void>;
  policy(threadId: ThreadId): Answer<ProgramPolicy>;
  setPolicy(threadId: ThreadId, policy: ProgramPolicy): Answer<ProgramPolicy>;
}

export class Approvals extends Context.Service<Approvals, ApprovalsShape>()("threadbox/worker/codemode/Approvals") {}

/** The platform may reset the object at any time. */
const ask = <A>(call: () => Promise<A>): Answer<A> =>
  Effect.tryPromise({ try: call, catch: () => approvalRefused("UpstreamError") });

const orNotFound = <A>(answer: A | null): Answer<A> =>
  answer === null ? Effect.fail(approvalRefused("NotFound")) : Effect.succeed(answer);

const againAfter = Schedule.spaced("500 millis");

/** Looks again and again, through the loss of whatever is looked at, until something is known. */
const lookUntilKnown = <A>(call: () => Promise<A | null>): Effect.Effect<A> => {
  const look = Effect.orDie(Effect.retry(ask(call), againAfter));
  return Effect.flatMap(look, function again(known): Effect.Effect<A> {
    return known === null ? Effect.flatMap(look, again) : Effect.succeed(known);
  });
};

export const approvalsLayer = (env: Pick<Env, "PROGRAM_APPROVALS">): Layer.Layer<Approvals> => {
  const of = (threadId: ThreadId) => programApprovalsRef(env, threadId);
  return Layer.succeed(Approvals, {
    begin: (threadId, programHash) => ask(async () => of(threadId).begin(programHash)),
    open: (threadId, wish) => ask(async () => of(threadId).open(threadId, wish)),
    outcome: (threadId, approvalId) => lookUntilKnown(async () => of(threadId).outcome(approvalId)),
    ask: (threadId, wish) => ask(async () => of(threadId).ask(threadId, wish)),
    answered: (threadId, approvalId) => lookUntilKnown(async () => of(threadId).answered(approvalId)),
    findQuestion: (threadId, approvalId) =>
      Effect.flatMap(
        ask(async () => of(threadId).question(approvalId)),
        orNotFound,
      ),
    answer: (threadId, approvalId, wish) =>
      Effect.flatMap(
        ask(async () => of(threadId).answer(approvalId, wish)),
        orNotFound,
      ),
    programOf: (threadId, programHash) => ask(async () => of(threadId).programOf(programHash)),
    ranOut: (threadId, programHash) => ask(async () => of(threadId).ranOut(programHash)),
    report: (threadId, approvalId) => ask(async () => of(threadId).report(approvalId)),
    told: (threadId, approvalId) => ask(async () => of(threadId).told(approvalId)),
    withdraw: (threadId, approvalId) => ask(async () => of(threadId).withdraw(approvalId)),
    find: (threadId, approvalId) =>
      Effect.flatMap(
        ask(async () => of(threadId).view(approvalId)),
        orNotFound,
      ),
    decide: (threadId, approvalId, wish, by) =>
      Effect.flatMap(
        ask(async () => of(threadId).decide(approvalId, wish, by)),
        orNotFound,
      ),
    undo: (threadId, approvalId, by) =>
      Effect.flatMap(
        ask(async () => of(threadId).undo(approvalId, by)),
        orNotFound,
      ),
    addReceipt: (threadId, receipt) => ask(async () => of(threadId).addReceipt(threadId, receipt)),
    runs: (threadId) => ask(async () => of(threadId).runs()),
    findSnippet: (threadId, snippetId) =>
      Effect.flatMap(
        ask(async () => of(threadId).findSnippet(snippetId)),
        orNotFound,
      ),
    keepSnippet: (threadId, snippetId, wish) =>
      Effect.flatMap(
        ask(async () => of(threadId).keepSnippet(snippetId, wish)),
        (kept) => (kept === null ? Effect.fail(approvalRefused("QuotaExceeded")) : Effect.succeed(kept)),
      ),
    dropSnippet: (threadId, snippetId) => ask(async () => of(threadId).dropSnippet(snippetId)),
    policy: (threadId) => ask(async () => of(threadId).policy()),
    setPolicy: (threadId, policy) => ask(async () => of(threadId).setPolicy(policy)),
  });
};
