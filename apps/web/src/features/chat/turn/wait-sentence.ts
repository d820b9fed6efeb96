import { turnTexts } from "../texts/conversation.ts";
import type { ChatMessage } from "../thread/message-view.ts";
import { toolView } from "../tools/tool-view.ts";

/** What a turn at work waits for, by what its answer holds so far. */
export const waitSentence = (parts: ChatMessage["parts"]): string => {
  const calls = parts.flatMap((part) => ("toolCallId" in part ? [part] : []));
  for (const part of calls.toReversed()) {
    const { state, verb, noun } = toolView({
      toolName: part.type === "dynamic-tool" ? part.toolName : part.type.replace(/^tool-/, ""),
      input: part.input,
      output: part.output,
      errorText: part.state === "output-error" ? part.errorText : undefined,
      turn: "running",
    });
    // Until its input is whole, the model is still writing what the tool is to do.
    if (state === "running" && part.state !== "input-streaming") return `${verb} ${noun}`;
  }
  return turnTexts.waitingForModel;
};
