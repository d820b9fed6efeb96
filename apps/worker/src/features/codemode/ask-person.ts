import type { ProgramDecision, ProgramReport } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { ApprovalId } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { newSecretText } from "../../platform/ids.ts";
import type { ApprovalEnd } from "./approval-book.ts";
import { Approvals } from "./approvals.ts";
import { isShowable, showChange } from "./change-shown.ts";
import type { HeldRequest } from "./held-requests.ts";
import type { Program } from "./program.ts";
import type { ProgramOwner } from "./program-owner.ts";
import type { ViewedChange } from "./workspace-view.ts";

const sentences: Readonly<Record<Exclude<ProgramDecision, "applied">, string>> = {
  failed: "It was allowed, but could not be done.",
  denied:
    "The person who was asked said no. Nothing was changed, and nothing was sent: don't try the same by other means.",
  expired: `Nobody answered within ${codemodeLimits.approvalMs / 60_000} minutes. Nothing was changed, and nothing was sent.`,
  withdrawn: "It was given up before anybody answered. Nothing was changed, and nothing was sent.",
};

const tooLarge = `What it would do is more than a person can be shown (${codemodeLimits.shownBytesMax / 1024 / 1024} MiB of differences and bodies). Nothing was changed, and nothing was sent: take smaller steps.`;
const tooMany = "As many programs of this thread wait for a person as may. Nothing was changed, and nothing was sent.";

/** What the program's caller is told, once it is known what became of its changes. */
const decided = (given: ProgramReport, { state, words, sent, changes }: ApprovalEnd): ProgramReport => {
  const report = sent.length === 0 ? given : { ...given, sent };
  if (state === "applied") return { ...report, decision: state, ...(changes === null ? {} : { changes }) };
  const { result: _, ...rest } = report;
  return { ...rest, decision: state, error: words === null ? sentences[state] : `${sentences[state]} ${words}` };
};

const failed = ({ result: _, ...report }: ProgramReport, error: string): ProgramReport => ({ ...report, error });

const approvalIdBytes = 15;

/** What a program would do, once somebody has allowed it. */
export interface Effects {
  readonly changes: readonly ViewedChange[];
  readonly requests: readonly HeldRequest[];
}

/**
 * Waits until a person has said what becomes of a program's changes; they are made before this ends. Where whoever runs the
 * program leaves, nobody is asked any more.
 */
export const askPerson = Effect.fn("askPerson")(function* (
  { threadId }: ProgramOwner,
  program: Pick<Program, "text" | "hash" | "input">,
  { changes, requests }: Effects,
  report: ProgramReport,
) {
  const approvals = yield* Approvals;
  const shown = changes.map(showChange);
  if (!isShowable(shown, requests)) return failed(report, tooLarge);
  const approvalId = ApprovalId.make(newSecretText(approvalIdBytes));
  const opened = yield* approvals.open(threadId, {
    approvalId,
    program:
      program.input === undefined ? program.text : `// Run with ${JSON.stringify(program.input)}\n${program.text}`,
    programHash: program.hash,
    changes: shown,
    requests,
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
