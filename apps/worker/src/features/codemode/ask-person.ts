import type { ProgramDecision, ProgramReport } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { ApprovalId } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { newSecretText } from "../../platform/ids.ts";
import type { ApprovalOutcome } from "./approval-book.ts";
import { Approvals } from "./approvals.ts";
import { isShowable, showChange } from "./change-shown.ts";
import type { ProgramOwner } from "./tool.ts";
import type { ViewedChange } from "./workspace-view.ts";

const sentences: Readonly<Record<Exclude<ProgramDecision, "applied">, string>> = {
  failed: "It was allowed, but its changes could not be made.",
  denied: "The person who was asked said no. Nothing was changed: don't try the same by other means.",
  expired: `Nobody answered within ${codemodeLimits.approvalMs / 60_000} minutes. Nothing was changed.`,
  withdrawn: "It was given up before anybody answered. Nothing was changed.",
};

const tooLarge = `Its changes are more than a person can be shown (${codemodeLimits.shownBytesMax / 1024 / 1024} MiB of differences). Nothing was changed: make them in smaller steps.`;
const tooMany = "As many programs of this thread wait for a person as may. Nothing was changed.";

/** What the program's caller is told, once it is known what became of its changes. */
const decided = (report: ProgramReport, { state, words }: ApprovalOutcome): ProgramReport => {
  if (state === "applied") return { ...report, decision: state };
  const { result: _, ...rest } = report;
  return { ...rest, decision: state, error: words === null ? sentences[state] : `${sentences[state]} ${words}` };
};

const failed = ({ result: _, ...report }: ProgramReport, error: string): ProgramReport => ({ ...report, error });

const approvalIdBytes = 15;

/**
 * Waits until a person has said what becomes of a program's changes; they are made before this ends. Where whoever runs the
 * program leaves, nobody is asked any more.
 */
export const askPerson = Effect.fn("askPerson")(function* (
  { threadId }: ProgramOwner,
  program: { readonly text: string; readonly hash: string },
  changes: readonly ViewedChange[],
  report: ProgramReport,
) {
  const approvals = yield* Approvals;
  const shown = changes.map(showChange);
  if (!isShowable(shown)) return failed(report, tooLarge);
  const approvalId = ApprovalId.make(newSecretText(approvalIdBytes));
  const opened = yield* approvals.open(threadId, {
    approvalId,
    program: program.text,
    programHash: program.hash,
    changes: shown,
    report: JSON.stringify(report),
  });
  if (opened === null) return failed(report, tooMany);
  const outcome = yield* approvals
    .outcome(threadId, approvalId)
    .pipe(Effect.onInterrupt(() => Effect.ignore(approvals.withdraw(threadId, approvalId))));
  yield* Effect.ignore(approvals.told(threadId, approvalId));
  return decided(report, outcome);
});

/** The same for a program that was run before, and whose caller was lost while a person was asked; null: it was told. */
export const askedBefore = Effect.fn("askedBefore")(function* ({ threadId }: ProgramOwner, approvalId: ApprovalId) {
  const approvals = yield* Approvals;
  const report = yield* approvals.report(threadId, approvalId);
  if (report === null) return null;
  const outcome = yield* approvals.outcome(threadId, approvalId);
  yield* Effect.ignore(approvals.told(threadId, approvalId));
  return decided(JSON.parse(report) as ProgramReport, outcome);
});
