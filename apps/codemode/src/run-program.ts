import { DynamicWorkerExecutor, normalizeCode } from "@cloudflare/codemode";
import type { FromMachine, ToolNames } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { Schema } from "effect";
import { boundedJson, boundedLogs } from "./bounded.ts";

export interface ProgramRun {
  readonly loader: WorkerLoader;
  readonly program: string;
  /** What it is called with, as JSON. */
  readonly input?: Schema.Json;
  readonly namespaces: readonly (typeof ToolNames.Type)[];
  /** Answers with JSON, or rejects with words for the program. */
  readonly callTool: (tool: string, input: unknown) => Promise<unknown>;
}

const { wallMs, approvalMs, callsMax, outputBytesMax } = codemodeLimits;
const tooLarge = `Only JSON of up to ${outputBytesMax / 1024 / 1024} MiB can be handed to a tool.`;
const errorLengthMax = 4_000;

/** Of a call's arguments, tools take the first; more is a mistake that is worth being told of. */
const inputOf = (args: readonly unknown[]): unknown => {
  if (args.length > 1) throw new Error("A tool takes one object with its arguments.");
  const input = boundedJson(args[0] ?? {}, outputBytesMax);
  if (input === null) throw new Error(tooLarge);
  return input.value;
};

type ToolFunctions = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** The executor looks tools up in an object of its own, where these would be found without being tools. */
const inherited: ToolFunctions = Object.fromEntries(
  Object.getOwnPropertyNames(Object.prototype)
    .filter((name) => name !== "__proto__")
    .map((name) => [name, () => Promise.reject(new Error(`Tool "${name}" not found`))]),
);

/** The executor knows errors by their message alone: what is thrown becomes an error that has one. */
const wrapped = (program: string, input: Schema.Json | undefined): string => `async () => {
  try { return await (${program}
)(${input === undefined ? "" : `JSON.parse(${JSON.stringify(JSON.stringify(input))})`}); }
  catch (thrown) {
    let words = "The program threw something that has no words.";
    try { words = String(thrown?.message ?? thrown) || words; } catch {}
    throw new Error(words);
  }
}`;

/**
 * Runs a program in a fresh isolate that has no network, no bindings and nothing of another run; it reaches the tools
 * that are named and nothing else. Whatever it returns, throws or prints is bounded and made JSON here.
 */
export const runProgram = async ({
  loader,
  program,
  input,
  namespaces,
  callTool,
}: ProgramRun): Promise<FromMachine> => {
  // The run's own clock ends it; this timer ticks inside, where the program could reach it.
  const executor = new DynamicWorkerExecutor({ loader, globalOutbound: null, timeout: wallMs + callsMax * approvalMs });
  const providers = namespaces.map(({ namespace, tools }) => ({
    name: namespace,
    fns: {
      ...inherited,
      ...(Object.fromEntries(
        tools.map((tool) => [tool, async (...args: unknown[]) => callTool(`${namespace}.${tool}`, inputOf(args))]),
      ) as ToolFunctions),
    },
  }));
  const said = await executor.execute(wrapped(normalizeCode(program), input), providers).catch((cause: unknown) => ({
    result: undefined,
    // It is not JavaScript, or its isolate was lost; what is said is about the program alone.
    error: cause instanceof Error ? cause.message : "The program can't be run.",
    logs: [],
  }));
  const logs = boundedLogs(said.logs, outputBytesMax / 4);
  if (said.error !== undefined) return { type: "threw", error: String(said.error).slice(0, errorLengthMax), logs };
  const result = boundedJson(said.result, outputBytesMax);
  if (result === null) return { type: "stopped", reason: "output", logs };
  return { type: "returned", result: result.value as Schema.Json, logs };
};
