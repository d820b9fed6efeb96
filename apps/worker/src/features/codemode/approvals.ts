import type { ThreadId } from "@threadbox/contracts/ids";
import type {
  ApprovalId,
  DecideApproval,
  DecidedApproval,
  PendingApproval,
  ProgramApproval,
  ProgramPolicy,
} from "@threadbox/contracts/program-approval";
import { Context, Effect, Layer, Schedule } from "effect";
import type { RefusedError } from "../../http/failure.ts";
import type { ApprovalOutcome, NewApproval } from "./approval-book.ts";
import { approvalRefused } from "./errors.ts";
import type { Decider } from "./program-approvals.ts";
import { programApprovalsRef } from "./refs.ts";

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
  outcome(threadId: ThreadId, approvalId: ApprovalId): Effect.Effect<ApprovalOutcome>;
  /** What the program had come to; null where that was told before. */
  report(threadId: ThreadId, approvalId: ApprovalId): Answer<string | null>;
  told(threadId: ThreadId, approvalId: ApprovalId): Answer<void>;
  withdraw(threadId: ThreadId, approvalId: ApprovalId): Answer<void>;
  find(threadId: ThreadId, approvalId: ApprovalId): Answer<ProgramApproval>;
  decide(threadId: ThreadId, approvalId: ApprovalId, wish: DecideApproval, by: Decider): Answer<DecidedApproval>;
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

export const approvalsLayer = (env: Pick<Env, "PROGRAM_APPROVALS">): Layer.Layer<Approvals> => {
  const of = (threadId: ThreadId) => programApprovalsRef(env, threadId);
  return Layer.succeed(Approvals, {
    begin: (threadId, programHash) => ask(async () => of(threadId).begin(programHash)),
    open: (threadId, wish) => ask(async () => of(threadId).open(threadId, wish)),
    outcome: (threadId, approvalId) => {
      const look = Effect.orDie(
        Effect.retry(
          ask(async () => of(threadId).outcome(approvalId)),
          againAfter,
        ),
      );
      return Effect.flatMap(look, function again(known): Effect.Effect<ApprovalOutcome> {
        return known === null ? Effect.flatMap(look, again) : Effect.succeed(known);
      });
    },
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
    policy: (threadId) => ask(async () => of(threadId).policy()),
    setPolicy: (threadId, policy) => ask(async () => of(threadId).setPolicy(policy)),
  });
};
