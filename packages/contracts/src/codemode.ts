import { Schema } from "effect";
import { codemodeLimits } from "./codemode-limits.ts";
import { ApprovalId } from "./program-approval.ts";

/**
 * The wire between the worker and the machine that runs programs: one WebSocket per run. The worker begins with the
 * program, answers its calls, and is told how it ended; whoever closes first ends the run.
 */
export const codemodeApi = {
  runPath: "/run",
  /** Of what watches the machine from outside: `POST` says that somebody has stopped a run. */
  stopPath: "/stop",
  healthPath: "/health",
  /** Names a run, where it is opened and where it is stopped. */
  runHeader: "x-run",
  /** The thread it runs for: its runs share what there is too little of. */
  threadHeader: "x-thread",
} as const;

/** A namespace of tools as the program sees it: `workspace.read(…)`. */
export const ToolNames = Schema.Struct({ namespace: Schema.String, tools: Schema.Array(Schema.String) });

const Logs = Schema.Array(Schema.String);

/** From the worker. `paused`: this call waits for a person, so that the clock of the run stands until its answer. */
export const ToMachine = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("run"),
    program: Schema.String,
    /** What the program is called with; absent: nothing. */
    input: Schema.optionalKey(Schema.Json),
    namespaces: Schema.Array(ToolNames),
  }),
  Schema.Struct({ type: Schema.Literal("paused"), call: Schema.Int }),
  Schema.Struct({ type: Schema.Literal("answer"), call: Schema.Int, result: Schema.Json }),
  Schema.Struct({ type: Schema.Literal("refusal"), call: Schema.Int, error: Schema.String }),
]);
export type ToMachine = typeof ToMachine.Type;

/** Why a program was ended before it was done. */
export const StopReason = Schema.Literals(["time", "calls", "output"]);
export type StopReason = typeof StopReason.Type;

/** From the machine. `threw`: the program's own words; `stopped`: it went beyond what it may use. */
export const FromMachine = Schema.Union([
  Schema.Struct({ type: Schema.Literal("call"), call: Schema.Int, tool: Schema.String, input: Schema.Json }),
  Schema.Struct({ type: Schema.Literal("returned"), result: Schema.Json, logs: Logs }),
  Schema.Struct({ type: Schema.Literal("threw"), error: Schema.String, logs: Logs }),
  Schema.Struct({ type: Schema.Literal("stopped"), reason: StopReason, logs: Logs }),
]);
export type FromMachine = typeof FromMachine.Type;

/** The text of a program. */
export const Program = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(codemodeLimits.programLengthMax));

/** Body of `POST /api/codemode/execute`. */
export const ExecuteProgram = Schema.Struct({ code: Program });

/** What a computer lacks. `trial`: it can't try a command on a copy, so programs that are asked about run none. */
export const LackingPart = Schema.Literal("trial");
export type LackingPart = typeof LackingPart.Type;

/** One tool call of a program, as it is told afterwards. */
export const ProgramCall = Schema.Struct({
  tool: Schema.String,
  /** What it was given, cut short. */
  args: Schema.optionalKey(Schema.String),
  durationMs: Schema.Number,
  /** Why the tool refused. */
  refusal: Schema.optionalKey(Schema.String),
  /** Where it refused because the thread's computer lacks something: what. */
  lacks: Schema.optionalKey(LackingPart),
});
export type ProgramCall = typeof ProgramCall.Type;

/** What became of changes that a person was asked about. */
export const ProgramDecision = Schema.Literals(["applied", "failed", "denied", "expired", "withdrawn"]);
export type ProgramDecision = typeof ProgramDecision.Type;

/** What became of one request that a person has allowed. */
export const SentRequest = Schema.Struct({
  method: Schema.String,
  url: Schema.String,
  /** What the host answered. */
  status: Schema.optionalKey(Schema.Int),
  text: Schema.optionalKey(Schema.String),
  isCut: Schema.optionalKey(Schema.Boolean),
  /** Why it was not sent, or why that is not known. */
  error: Schema.optionalKey(Schema.String),
});
export type SentRequest = typeof SentRequest.Type;

/** What the agent gets of a run, as JSON: what it returned or why it failed, and what it did. */
export const ProgramReport = Schema.Struct({
  /** Where a person was asked: what they said. */
  decision: Schema.optionalKey(ProgramDecision),
  result: Schema.optionalKey(Schema.Json),
  error: Schema.optionalKey(Schema.String),
  printed: Schema.Array(Schema.String),
  calls: Schema.Array(ProgramCall),
  durationMs: Schema.Number,
  /** Where files were changed with a person's leave: names those changes, by which the person can undo them. */
  changes: Schema.optionalKey(ApprovalId),
  /** Where requests were allowed: each, in the order of the calls. */
  sent: Schema.optionalKey(Schema.Array(SentRequest)),
  /** Tokens of the model that single tool calls would have cost more than this program did, as an estimate; may be negative. */
  tokensSaved: Schema.optionalKey(Schema.Number),
});
export type ProgramReport = typeof ProgramReport.Type;
