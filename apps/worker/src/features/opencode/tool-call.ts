import type { ToolOutput } from "@threadbox/contracts/turn";
import { Predicate } from "effect";
import { finalOutput, runningOutput } from "./tool-output.ts";
import type { ToolPart } from "./turn-log.ts";

/** A tool call as the transcript tells it. The part's id names it: models repeat their own call ids. */
export type ToolCall = { readonly id: string; readonly tool: string; readonly input: unknown } & (
  | { readonly state: "pending" | "running"; readonly soFar: ToolOutput | null }
  | { readonly state: "done"; readonly output: ToolOutput }
  | { readonly state: "failed"; readonly error: string }
);

/** What is left of a call that was cut off: what it had printed, and that it did not end. */
export const interruptedCall = (soFar: ToolOutput | null): string =>
  [...(soFar === null ? [] : [soFar.text.trimEnd()]), "The tool call was interrupted."].join("\n\n");

/** OpenCode replaces a call it cannot carry out (unknown tool, unreadable arguments) by its tool `invalid`. */
const invalidTool = "invalid";

const isRefused = ({ tool, state }: ToolPart): boolean => tool === invalidTool && state.status !== "pending";

/** What the transcript says of a tool call; in a turn that has ended nothing runs any more. */
export const toolCallOf = (part: ToolPart, isOver: boolean): ToolCall => {
  const { id, tool, state } = part;
  if (isRefused(part)) {
    const named = Predicate.hasProperty(state.input, "tool") ? String(state.input.tool) : tool;
    const error = Predicate.hasProperty(state.input, "error") ? String(state.input.error) : "The call is not valid.";
    return { id, tool: named, input: {}, state: "failed", error };
  }
  const call = { id, tool, input: state.input ?? {} };
  if (state.status === "completed") return { ...call, state: "done", output: finalOutput(tool, state) };
  if (state.status === "error") return { ...call, state: "failed", error: state.error ?? interruptedCall(null) };
  const soFar = runningOutput(tool, state);
  if (isOver) return { ...call, state: "failed", error: interruptedCall(soFar) };
  return { ...call, state: state.status, soFar };
};
