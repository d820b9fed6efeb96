import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Effect, type Schema } from "effect";
import { logDefect } from "../../platform/log.ts";
import { ToolRefusedError } from "./errors.ts";
import type { ProgramTool, ToolCaller } from "./tool.ts";

const issuesShown = 5;
const wordsMax = 500;

const refuse = (message: string) => new ToolRefusedError({ message: message.slice(0, wordsMax) });

/** Carries out one call of a program: the tool must exist, its argument must fit, its answer must be small enough. */
export const callTool = Effect.fn("callTool")(function* (
  tools: readonly ProgramTool[],
  called: string,
  input: unknown,
  caller: ToolCaller,
) {
  const tool = tools.find(({ namespace, name }) => `${namespace}.${name}` === called);
  if (tool === undefined) return yield* refuse("There is no such tool.");
  const read = tool.input.safeParse(input);
  if (!read.success) {
    const issues = read.error.issues.slice(0, issuesShown).map(({ path, message }) => `${path.join(".")}: ${message}`);
    return yield* refuse(`${called} does not take this. ${issues.join("; ")}`);
  }
  const result: Schema.Json = yield* tool.run(read.data, caller).pipe(
    Effect.catchDefect((cause) => {
      logDefect("codemode.tool.crashed", cause, { tool: called, requestId: caller.requestId });
      return Effect.fail(refuse(`Something went wrong on our side. Reference: ${caller.requestId}`));
    }),
  );
  if (JSON.stringify(result).length > codemodeLimits.outputBytesMax)
    return yield* refuse(`${called} would answer with more than ${codemodeLimits.outputBytesMax / 1024 / 1024} MiB.`);
  return result;
});
