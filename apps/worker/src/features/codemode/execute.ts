import type { ProgramReport, StopReason } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { LiveProgram } from "@threadbox/contracts/live";
import type { ProgramPolicy } from "@threadbox/contracts/program-approval";
import { programKey } from "@threadbox/contracts/program-key";
import { Cause, Clock, Effect, Exit, Option, type Schema } from "effect";
import { log } from "../../platform/log.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import type { Approvals } from "./approvals.ts";
import type { Effects } from "./ask-person.ts";
import { QuestionsOfRun } from "./ask-question.ts";
import { CallLog } from "./call-log.ts";
import { callTool } from "./call-tool.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import { toolNames } from "./executor.ts";
import { HeldRequests } from "./held-requests.ts";
import { LatestTeller } from "./latest-teller.ts";
import { type AnswerCall, type MachineEnd, ProgramMachine } from "./machine.ts";
import type { Program } from "./program.ts";
import { type ProgramFiles, programFiles } from "./program-files.ts";
import { ProgramNews } from "./program-news.ts";
import type { ProgramOwner } from "./program-owner.ts";
import { tokensSaved } from "./token-estimate.ts";
import type { ToolCaller, ToolServices } from "./tool.ts";
import { programTools } from "./tools.ts";

type ProgramEnd = Pick<ProgramReport, "result" | "error" | "printed">;

const stopSentences: Record<StopReason, string> = {
  time: `The program ran for longer than ${codemodeLimits.wallMs / 1000} s and was stopped.`,
  calls: `The program called tools more than ${codemodeLimits.callsMax} times and was stopped.`,
  output: `The program returned something that is no JSON of up to ${codemodeLimits.outputBytesMax / 1024 / 1024} MiB.`,
};

const lostSentence = `The process of this program went away. Most likely it computed for longer than ${codemodeLimits.computingMsMax / 1000} s without a pause, or took more than ${codemodeLimits.memoryMibMax} MiB.`;

/** `halted`: a person stopped the turn that it ran in. */
type RunEnd = MachineEnd | { readonly type: "halted" };

const endOf = (end: RunEnd): ProgramEnd => {
  switch (end.type) {
    case "returned":
      return { result: end.result, printed: end.logs };
    case "threw":
      return { error: end.error, printed: end.logs };
    case "stopped":
      return { error: stopSentences[end.reason], printed: end.logs };
    case "lost":
      return { error: lostSentence, printed: [] };
    case "halted":
      return { error: "It was stopped before it returned.", printed: [] };
  }
};

const ended = new ToolRefusedError({ message: "The call was ended." });
const refusalOf = (cause: Cause.Cause<ToolRefusedError>): ToolRefusedError =>
  Option.getOrElse(Cause.findErrorOption(cause), () => ended);

/** The files of a run: those of its thread's workspace, opened when they are first needed, and what is different in them. */
const filesOfRun = Effect.fnUntraced(function* ({ threadId }: ProgramOwner, policy: ProgramPolicy) {
  const sandboxFiles = yield* SandboxFiles;
  let opened: ProgramFiles | null = null;
  const workspace = yield* Effect.cached(
    sandboxFiles.open(threadId).pipe(
      Effect.mapError(asRefusal),
      Effect.map((real) => {
        opened = programFiles(real, policy);
        return opened;
      }),
    ),
  );
  return { workspace, changes: () => (opened as ProgramFiles | null)?.changes() ?? [] };
});

/** Runs a program to its end, with the tools of all programs. What it would change or send is neither made nor sent yet. */
export const execute = Effect.fnUntraced(function* (program: Program, owner: ProgramOwner, policy: ProgramPolicy) {
  const { threadId, requestId } = owner;
  const machine = yield* ProgramMachine;
  const news = yield* ProgramNews;
  const services = yield* Effect.context<ToolServices | Approvals>();
  const { workspace, changes } = yield* filesOfRun(owner, policy);
  const held = new HeldRequests();
  const questions = new QuestionsOfRun(owner, program);
  const calls = new CallLog();
  const startedAt = yield* Clock.currentTimeMillis;
  const teller = new LatestTeller<LiveProgram>((live) => Effect.runPromise(Effect.ignore(news.tell(threadId, live))));
  const tell = () =>
    teller.tell({ runId: requestId, program: programKey(program.text), startedAt, calls: calls.live() });
  const over = new AbortController();
  const callerWith = (pause: () => void): ToolCaller => ({
    ...{ ...owner, workspace, hold: (wish) => held.hold(wish, owner) },
    ask: (question) => Effect.provide(Effect.andThen(Effect.sync(pause), questions.ask(question)), services),
  });
  const carryOut = Effect.fnUntraced(function* (tool: string, input: Schema.Json, pause: () => void) {
    const end = calls.begin(tool, input, yield* Clock.currentTimeMillis);
    tell();
    const exit = yield* Effect.exit(callTool(programTools, tool, input, callerWith(pause)));
    const refusal = Exit.isSuccess(exit) ? null : refusalOf(exit.cause);
    const length = Exit.isSuccess(exit) ? JSON.stringify(exit.value).length : (refusal?.message.length ?? 0);
    end(yield* Clock.currentTimeMillis, length, refusal);
    tell();
    return Exit.isSuccess(exit) ? { result: exit.value } : { refusal: refusal ?? ended };
  });
  const answer: AnswerCall = async (tool, input, pause = () => {}) => {
    const told = await Effect.runPromise(Effect.provide(carryOut(tool, input, pause), services), {
      signal: over.signal,
    });
    if ("result" in told) return told.result;
    throw new Error(told.refusal.message);
  };
  const withInput = program.input === undefined ? {} : { input: program.input };
  tell();
  const running = Effect.promise((signal) =>
    machine.run({ threadId, program: program.text, namespaces: toolNames(programTools), answer, signal, ...withInput }),
  );
  const halted = Effect.as(news.stopped(threadId), { type: "halted" } as const);
  // What the program has called and not waited for ends with it.
  const end: RunEnd = yield* Effect.raceFirst(running, halted).pipe(Effect.ensuring(Effect.sync(() => over.abort())));
  const durationMs = (yield* Clock.currentTimeMillis) - startedAt;
  log("codemode.ran", { threadId, requestId, end: end.type, calls: calls.ended().length, durationMs });
  const said = { ...endOf(end), calls: calls.ended(), durationMs };
  const report: ProgramReport = {
    ...said,
    tokensSaved: tokensSaved(calls.sizes(), program.text.length, JSON.stringify(said).length),
  };
  const effects: Effects = { changes: changes(), requests: held.all() };
  return { report, effects, hasAsked: questions.hasAsked() };
});
