import { validParts } from "@threadbox/contracts/restarted-part";
import { ToolOutput } from "@threadbox/contracts/turn";
import { type DynamicToolUIPart, readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { Option, Schema } from "effect";
import { interruptedCall, type TranscriptPart } from "../opencode/index.ts";
import type { HeardBefore } from "./run-thread-turn.ts";

const asToolOutput = Schema.decodeUnknownOption(ToolOutput);

const closedTool = (part: DynamicToolUIPart): DynamicToolUIPart => {
  const { toolName, toolCallId, input } = part;
  if (part.state === "output-error" || (part.state === "output-available" && part.preliminary !== true)) return part;
  const soFar = part.state === "output-available" ? Option.getOrNull(asToolOutput(part.output)) : null;
  const errorText = interruptedCall(soFar);
  return { type: "dynamic-tool", toolName, toolCallId, input: input ?? {}, state: "output-error", errorText };
};

const closed = (part: UIMessage["parts"][number]): readonly TranscriptPart[] => {
  if (part.type === "step-start") return [part];
  if (part.type === "dynamic-tool") return [closedTool(part)];
  if (part.type !== "text" && part.type !== "reasoning") return [];
  return part.text === "" ? [] : [{ type: part.type, text: part.text, state: "done" }];
};

/** The texts of a stream's parts, by id. */
const textsOf = (chunks: readonly UIMessageChunk[]): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  for (const chunk of chunks) {
    if (chunk.type !== "text-delta" && chunk.type !== "reasoning-delta") continue;
    texts.set(chunk.id, (texts.get(chunk.id) ?? "") + chunk.delta);
  }
  return texts;
};

/** What these chunks had told of an answer. */
export const heardIn = async (chunks: readonly UIMessageChunk[]): Promise<HeardBefore> => {
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  let parts: UIMessage["parts"] = [];
  for await (const message of readUIMessageStream({ stream })) parts = message.parts;
  return { texts: textsOf(chunks), parts: validParts(parts).flatMap(closed) };
};
