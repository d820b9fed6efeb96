import type { ProgramReport } from "@threadbox/contracts/codemode";
import { Clock, Effect, type Schema } from "effect";
import { Hex } from "effect/encoding";
import { Journal } from "../../platform/journal.ts";
import { Approvals } from "./approvals.ts";
import { askedBefore, askPerson, type Effects } from "./ask-person.ts";
import { execute } from "./execute.ts";
import type { Program } from "./program.ts";
import type { ProgramOwner } from "./program-owner.ts";
import { writeReceipt } from "./write-receipt.ts";

/** Names a program. */
export const hashOf = (program: string) =>
  Effect.promise(async () =>
    Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(program)))),
  );

/** Tells the thread's owner, under Activity. */
const writeDown = Effect.fnUntraced(function* (
  owner: ProgramOwner,
  program: Program,
  report: ProgramReport,
  effects: Effects,
) {
  const journal = yield* Journal;
  const at = yield* Clock.currentTimeMillis;
  const { decision, calls } = report;
  const end = report.error === undefined || decision !== undefined ? "returned" : "failed";
  const requests = effects.requests.length;
  const wanted = { files: effects.changes.length, ...(requests === 0 ? {} : { requests }) };
  const asked = decision === undefined ? {} : { decision, ...wanted };
  const receipt = yield* writeReceipt(owner, program, report, effects);
  yield* journal.append(owner.threadId, {
    ...{ entryId: `program:${owner.requestId}`, kind: "program", at, revision: 1, subject: "" },
    detail: { end, calls: calls.length, ...asked, ...(receipt === null ? {} : { receipt }) },
  });
});

const without = (error: string): ProgramReport => ({ error, printed: [], calls: [], durationMs: 0 });

/**
 * Runs a program for a thread. What it writes lies in a view of the workspace, and what it would send is kept; once it has
 * returned, a person is shown both, and they are done as they were shown or not at all. A program that fails has changed and
 * sent nothing.
 */
export const runProgram = Effect.fn("runProgram")(
  function* (text: string, owner: ProgramOwner, input?: Schema.Json) {
    const approvals = yield* Approvals;
    const hash = yield* hashOf(input === undefined ? text : `${text}\0${JSON.stringify(input)}`);
    const program: Program = { text, hash, ...(input === undefined ? {} : { input }) };
    const { policy, resumed } = yield* approvals.begin(owner.threadId, hash);
    const known = resumed === null ? null : yield* askedBefore(owner, resumed);
    if (known !== null) return known;
    const { report, effects, hasAsked } = yield* execute(program, owner, policy);
    if (hasAsked) yield* Effect.ignore(approvals.ranOut(owner.threadId, hash));
    const isAsked = report.error === undefined && effects.changes.length + effects.requests.length > 0;
    if (!isAsked) {
      yield* writeDown(owner, program, report, effects);
      return report;
    }
    const asked = askPerson(owner, program, effects, report);
    const withdrawn = { ...report, decision: "withdrawn" } as const;
    const told = yield* Effect.onInterrupt(asked, () => writeDown(owner, program, withdrawn, effects));
    yield* writeDown(owner, program, told, effects);
    return told;
  },
  Effect.catch(({ message }) => Effect.succeed(without(message))),
);

const lostRun = "What came of this run isn't known any more. Look at the files before you run it again.";

/**
 * What came of a program whose caller was lost while a person was asked. One that was lost before it had returned has done
 * nothing yet, unless its thread asks nobody: it is run again, and comes to the answers it was given.
 */
export const resumeProgram = Effect.fn("resumeProgram")(
  function* (programHash: string, owner: ProgramOwner) {
    const approvals = yield* Approvals;
    const { threadId } = owner;
    const { policy, resumed } = yield* approvals.begin(threadId, programHash);
    const known = resumed === null ? null : yield* askedBefore(owner, resumed);
    if (known !== null) return known;
    const text = policy.writes === "ask" ? yield* approvals.programOf(threadId, programHash) : null;
    return text === null ? without(lostRun) : yield* runProgram(text, owner);
  },
  Effect.catch(({ message }) => Effect.succeed(without(message))),
);
