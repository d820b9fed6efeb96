import { type ComponentType, createContext, useContext } from "react";
import { AnswerText } from "../../text/index.ts";
import { ToolWork } from "../later/later-parts.tsx";
import type { ChatMessage } from "../thread/message-view.ts";
import type { ToolCall } from "../tools/tool-view.ts";
import { Reasoning } from "./reasoning.tsx";

/** How the turn that writes the message at hand stands. */
export const TurnContext = createContext<ToolCall["turn"]>("over");

/** Whether the message at hand is the thread's newest answer. */
export const NewestContext = createContext(false);

export function TextPart({ text }: { readonly text: string }) {
  const turn = useContext(TurnContext);
  return text === "" ? null : <AnswerText text={text} isStreaming={turn === "running"} />;
}

interface ToolPartProps extends Omit<ToolCall, "turn"> {
  readonly callId: string;
}

export function ToolPart({ callId, ...call }: ToolPartProps) {
  const turn = useContext(TurnContext);
  const isOfNewestAnswer = useContext(NewestContext);
  return <ToolWork id={callId} isOfNewestAnswer={isOfNewestAnswer} call={{ ...call, turn }} />;
}

type Part = ChatMessage["parts"][number];

function StoredPart({ part }: { readonly part: Part }) {
  if (part.type === "text") return <TextPart text={part.text} />;
  if (part.type === "reasoning") return <Reasoning text={part.text} />;
  if (!("toolCallId" in part)) return null;
  return (
    <ToolPart
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

/** The parts of a message as it is stored; the live thread brings its own. */
function StoredParts({ message }: MessagePartsProps) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a stored message never move
  return message.parts.map((part, index) => <StoredPart key={index} part={part} />);
}

const PartsContext = createContext<ComponentType<MessagePartsProps>>(StoredParts);
export const MessagePartsProvider = PartsContext.Provider;

export function MessageParts(props: MessagePartsProps) {
  const Parts = useContext(PartsContext);
  return <Parts {...props} />;
}
