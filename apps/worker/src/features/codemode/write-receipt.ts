import type { ProgramReport } from "@threadbox/contracts/codemode";
import { Clock, Effect } from "effect";
import { Approvals } from "./approvals.ts";
import type { Effects } from "./ask-person.ts";
import type { Program } from "./program.ts";
import type { ProgramOwner } from "./program-owner.ts";
import { type NewReceipt, sha256 } from "./run-book.ts";

/** What a run leaves behind for whoever wants to check later what was done. */
const receiptOf = async (
  program: Program,
  runId: string,
  report: ProgramReport,
  { changes, requests }: Effects,
  at: number,
): Promise<NewReceipt> => ({
  ...{ runId, at, durationMs: report.durationMs, program: program.text },
  ...(program.input === undefined ? {} : { arguments: program.input }),
  calls: report.calls.map(({ tool, args = "", refusal }) => ({
    ...{ tool, args },
    ...(refusal === undefined ? {} : { refusal }),
  })),
  ...(report.decision === undefined ? {} : { decision: report.decision }),
  files: await Promise.all(
    changes.map(async ({ path, content }) => ({ path, content: content === null ? null : await sha256(content) })),
  ),
  requests: await Promise.all(
    requests.map(async ({ shown: { method, host, path, body } }) => ({
      ...{ method, host, path },
      body: body === null ? null : await sha256(body),
    })),
  ),
  ...(report.sent === undefined
    ? {}
    : {
        sent: await Promise.all(
          report.sent.map(async ({ status = null, text }) => ({
            status,
            text: text === undefined ? null : await sha256(text),
          })),
        ),
      }),
  end: report.error === undefined ? "returned" : "failed",
  result: await sha256(report.error ?? JSON.stringify(report.result ?? null)),
});

/** Adds the run's receipt to its thread's chain, and answers with its place. One that can't be written fails no run: null. */
export const writeReceipt = Effect.fnUntraced(function* (
  owner: ProgramOwner,
  program: Program,
  report: ProgramReport,
  effects: Effects,
) {
  const approvals = yield* Approvals;
  const at = yield* Clock.currentTimeMillis;
  const receipt = yield* Effect.promise(() => receiptOf(program, owner.requestId, report, effects, at));
  return yield* Effect.orElseSucceed(approvals.addReceipt(owner.threadId, receipt), () => null);
});
