import type { ProgramCall, ProgramReport, StopReason } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { cutText } from "@threadbox/contracts/cut-text";
import { Cause, Clock, Effect, Exit, Option, type Schema } from "effect";
import { log } from "../../platform/log.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { callTool } from "./call-tool.ts";
import { asRefusal, type ToolRefusedError } from "./errors.ts";
import { toolNames } from "./executor.ts";
import { type MachineEnd, ProgramMachine } from "./machine.ts";
import type { ProgramOwner, ToolServices } from "./tool.ts";
import { programTools } from "./tools.ts";

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

/** Runs a program for a thread, with the tools of all programs. */
export const runProgram = Effect.fn("runProgram")(function* (program: string, owner: ProgramOwner) {
  const machine = yield* ProgramMachine;
  const services = yield* Effect.context<ToolServices>();
  const sandboxFiles = yield* SandboxFiles;
  const files = yield* Effect.cached(Effect.mapError(sandboxFiles.open(owner.threadId), asRefusal));
  const caller = { ...owner, files };
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
  const endedAt = yield* Clock.currentTimeMillis;
  const { threadId, requestId } = owner;
  log("codemode.ran", { threadId, requestId, end: end.type, calls: calls.length, durationMs: endedAt - startedAt });
  return { ...endOf(end), calls, durationMs: endedAt - startedAt } satisfies ProgramReport;
});
