import type { DynamicToolUIPart, ReasoningUIPart, StepStartUIPart, TextUIPart } from "ai";
import { type ToolCall, toolCallOf } from "./tool-call.ts";
import type { LogMessage, LogPart, TurnLog, WrittenPart } from "./turn-log.ts";

/** The parts of the one assistant message that a turn becomes. */
export type TranscriptPart = TextUIPart | ReasoningUIPart | StepStartUIPart | DynamicToolUIPart;

/**
 * Tells of a part of this message, by its place, whether the model broke off in it and began the step again: what it had
 * written is void.
 */
export const abandonedIn = ({ parts, isComplete }: LogMessage): ((part: WrittenPart, place: number) => boolean) => {
  const lastStart = parts.findLastIndex(({ kind }) => kind === "step-start");
  return (part, place) => !part.isEnded && (isComplete || place < lastStart);
};

/** The messages of a turn that people see. */
export const shownMessages = (log: TurnLog): readonly LogMessage[] =>
  log.messages.filter(({ isSummary }) => !isSummary);

const toolPart = (call: ToolCall): DynamicToolUIPart => {
  const named = { type: "dynamic-tool" as const, toolName: call.tool, toolCallId: call.id };
  if (call.state === "done") return { ...named, state: "output-available", input: call.input, output: call.output };
  if (call.state === "failed") return { ...named, state: "output-error", input: call.input, errorText: call.error };
  if (call.soFar === null) return { ...named, state: "input-available", input: call.input };
  return { ...named, state: "output-available", input: call.input, output: call.soFar, preliminary: true };
};

const transcriptParts = (message: LogMessage, isOver: boolean): readonly TranscriptPart[] => {
  const isAbandoned = abandonedIn(message);
  return message.parts.flatMap((part: LogPart, place): readonly TranscriptPart[] => {
    if (part.kind === "tool") return [toolPart(toolCallOf(part, isOver || message.isComplete))];
    if (part.kind === "text" || part.kind === "reasoning") {
      if (part.text === "" || isAbandoned(part, place)) return [];
      return [{ type: part.kind, text: part.text, state: isOver || part.isEnded ? "done" : "streaming" }];
    }
    return part.kind === "step-start" ? [{ type: "step-start" }] : [];
  });
};

/** The message as it stands. `isOver`: the turn has ended, so whatever still seems to run does not. */
export const transcriptOf = (log: TurnLog, isOver: boolean): readonly TranscriptPart[] =>
  shownMessages(log).flatMap((message) => transcriptParts(message, isOver));
