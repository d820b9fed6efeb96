import { createContext, memo, useContext } from "react";
import { AnswerText } from "../../text/index.ts";
import { ToolWork } from "../later/later-parts.tsx";
import type { ChatMessage } from "../thread/message-view.ts";
import type { ToolCall } from "../tools/tool-view.ts";
import { Reasoning } from "./reasoning.tsx";

/** How the turn that writes the message at hand stands. */
export const TurnContext = createContext<ToolCall["turn"]>("over");

/** Whether the message at hand is the thread's newest answer. */
export const NewestContext = createContext(false);

function TextPart({ text }: { readonly text: string }) {
  const turn = useContext(TurnContext);
  return text === "" ? null : <AnswerText text={text} isStreaming={turn === "running"} />;
}

type Part = ChatMessage["parts"][number];

interface ToolProps extends Omit<ToolCall, "turn"> {
  readonly callId: string;
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** With each word of an answer its calls are other objects that say the same. */
const isSameCall = (a: ToolProps, b: ToolProps): boolean =>
  a.callId === b.callId &&
  a.toolName === b.toolName &&
  a.errorText === b.errorText &&
  isSame(a.input, b.input) &&
  isSame(a.output, b.output);

const Tool = memo(function Tool({ callId, ...call }: ToolProps) {
  const turn = useContext(TurnContext);
  const isOfNewestAnswer = useContext(NewestContext);
  return <ToolWork id={callId} isOfNewestAnswer={isOfNewestAnswer} call={{ ...call, turn }} />;
}, isSameCall);

function MessagePart({ part }: { readonly part: Part }) {
  if (part.type === "text") return <TextPart text={part.text} />;
  if (part.type === "reasoning") return <Reasoning text={part.text} />;
  if (!("toolCallId" in part)) return null;
  return (
    <Tool
      callId={part.toolCallId}
      toolName={part.type === "dynamic-tool" ? part.toolName : part.type.replace(/^tool-/, "")}
      input={part.input}
      output={part.output}
      errorText={part.state === "output-error" ? part.errorText : undefined}
    />
  );
}

export interface MessagePartsProps {
  readonly message: ChatMessage;
}

/** The parts of a message, be they stored or still being written. */
export function MessageParts({ message }: MessagePartsProps) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a message never move
  return message.parts.map((part, index) => <MessagePart key={index} part={part} />);
}
