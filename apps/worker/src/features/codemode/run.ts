import type { ProgramCall, ProgramReport, StopReason } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { cutText } from "@threadbox/contracts/cut-text";
import type { ProgramPolicy } from "@threadbox/contracts/program-approval";
import { Cause, Clock, Effect, Exit, Option, type Schema } from "effect";
import { Hex } from "effect/encoding";
import { Journal } from "../../platform/journal.ts";
import { log } from "../../platform/log.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { Approvals } from "./approvals.ts";
import { askedBefore, askPerson } from "./ask-person.ts";
import { callTool } from "./call-tool.ts";
import { asRefusal, type ToolRefusedError } from "./errors.ts";
import { toolNames } from "./executor.ts";
import { type MachineEnd, ProgramMachine } from "./machine.ts";
import { type ProgramFiles, programFiles } from "./program-files.ts";
import type { ProgramOwner, ToolServices } from "./tool.ts";
import { programTools } from "./tools.ts";
import type { ViewedChange } from "./workspace-view.ts";

type ProgramEnd = Pick<ProgramReport, "result" | "error" | "printed">;

const stopSentences: Record<StopReason, string> = {
  time: `The program ran for longer than ${codemodeLimits.wallMs / 1000} s and was stopped.`,
  calls: `The program called tools more than ${codemodeLimits.callsMax} times and was stopped.`,
  output: `The program returned something that is no JSON of up to ${codemodeLimits.outputBytesMax / 1024 / 1024} MiB.`,
};

const lostSentence =
  "The machine that runs programs went away: this program, or one beside it, computed too long without a pause or took too much memory.";

export const endOf = (end: MachineEnd): ProgramEnd => {
  switch (end.type) {
    case "returned":
      return { result: end.result, printed: end.logs };
    case "threw":
      return { error: end.error, printed: end.logs };
    case "stopped":
      return { error: stopSentences[end.reason], printed: end.logs };
    case "lost":
      return { error: lostSentence, printed: [] };
  }
};

const toolNameMax = 100;

const timed = Effect.fnUntraced(function* <A, E, R>(work: Effect.Effect<A, E, R>) {
  const startedAt = yield* Clock.currentTimeMillis;
  const exit = yield* Effect.exit(work);
  return { exit, durationMs: (yield* Clock.currentTimeMillis) - startedAt };
});

const wordsOf = (cause: Cause.Cause<ToolRefusedError>): string =>
  Option.match(Cause.findErrorOption(cause), { onNone: () => "The call was ended.", onSome: ({ message }) => message });

/** Names a program. */
export const hashOf = (program: string) =>
  Effect.promise(async () =>
    Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(program)))),
  );

/** Runs a program to its end, with the tools of all programs. What it has changed in a view is not made yet. */
const execute = Effect.fnUntraced(function* (program: string, owner: ProgramOwner, policy: ProgramPolicy) {
  const machine = yield* ProgramMachine;
  const services = yield* Effect.context<ToolServices>();
  const sandboxFiles = yield* SandboxFiles;
  let opened: ProgramFiles | null = null;
  const workspace = yield* Effect.cached(
    sandboxFiles.open(owner.threadId).pipe(
      Effect.mapError(asRefusal),
      Effect.map((real) => {
        opened = programFiles(real, policy);
        return opened;
      }),
    ),
  );
  const caller = { ...owner, workspace };
  const startedAt = yield* Clock.currentTimeMillis;
  const calls: ProgramCall[] = [];
  const answer = async (tool: string, input: Schema.Json): Promise<Schema.Json> => {
    const { exit, durationMs } = await Effect.runPromise(
      Effect.provide(timed(callTool(programTools, tool, input, caller)), services),
    );
    const refusal = Exit.isSuccess(exit) ? null : wordsOf(exit.cause);
    calls.push({ tool: cutText(tool, toolNameMax), durationMs, ...(refusal === null ? {} : { refusal }) });
    if (Exit.isSuccess(exit)) return exit.value;
    throw new Error(refusal ?? undefined);
  };
  const end = yield* Effect.promise((signal) =>
    machine.run({ program, namespaces: toolNames(programTools), answer, signal }),
  );
  const durationMs = (yield* Clock.currentTimeMillis) - startedAt;
  const { threadId, requestId } = owner;
  log("codemode.ran", { threadId, requestId, end: end.type, calls: calls.length, durationMs });
  const changes: readonly ViewedChange[] = (opened as ProgramFiles | null)?.changes() ?? [];
  const report: ProgramReport = { ...endOf(end), calls: [...calls], durationMs };
  return { report, changes };
});

/** Tells the thread's owner, under Activity. */
const writeDown = Effect.fnUntraced(function* (owner: ProgramOwner, report: ProgramReport, files: number) {
  const journal = yield* Journal;
  const at = yield* Clock.currentTimeMillis;
  const { decision, calls } = report;
  const end = report.error === undefined || decision !== undefined ? "returned" : "failed";
  const asked = decision === undefined ? {} : { decision, files };
  yield* journal.append(owner.threadId, {
    ...{ entryId: `program:${owner.requestId}`, kind: "program", at, revision: 1, subject: "" },
    detail: { end, calls: calls.length, ...asked },
  });
});

const without = (error: string): ProgramReport => ({ error, printed: [], calls: [], durationMs: 0 });

/**
 * Runs a program for a thread. What it writes lies in a view of the workspace; once it has returned, a person is shown the
 * differences, and they are made as they were shown or not at all. A program that fails has changed nothing.
 */
export const runProgram = Effect.fn("runProgram")(
  function* (program: string, owner: ProgramOwner) {
    const approvals = yield* Approvals;
    const hash = yield* hashOf(program);
    const { policy, resumed } = yield* approvals.begin(owner.threadId, hash);
    const known = resumed === null ? null : yield* askedBefore(owner, resumed);
    if (known !== null) return known;
    const { report, changes } = yield* execute(program, owner, policy);
    const isAsked = report.error === undefined && changes.length > 0;
    if (!isAsked) {
      yield* writeDown(owner, report, 0);
      return report;
    }
    const asked = askPerson(owner, { text: program, hash }, changes, report);
    const withdrawn = { ...report, decision: "withdrawn" } as const;
    const told = yield* Effect.onInterrupt(asked, () => writeDown(owner, withdrawn, changes.length));
    yield* writeDown(owner, told, changes.length);
    return told;
  },
  Effect.catch(({ message }) => Effect.succeed(without(message))),
);

const lostRun = "What came of this run isn't known any more. Look at the files before you run it again.";

/** What came of a program whose caller was lost while a person was asked. */
export const resumeProgram = Effect.fn("resumeProgram")(
  function* (programHash: string, owner: ProgramOwner) {
    const approvals = yield* Approvals;
    const { resumed } = yield* approvals.begin(owner.threadId, programHash);
    return (resumed === null ? null : yield* askedBefore(owner, resumed)) ?? without(lostRun);
  },
  Effect.catch(({ message }) => Effect.succeed(without(message))),
);
