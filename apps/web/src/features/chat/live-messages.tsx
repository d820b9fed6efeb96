import { MessagePrimitive, ThreadPrimitive, type ToolCallMessagePartProps } from "@assistant-ui/react";
import { type ReactNode, useLayoutEffect } from "react";
import remend from "remend";
import { MendContext } from "../text/index.ts";
import { EditMessage } from "./edit-message.tsx";
import { EditorContext } from "./editor-context.ts";
import { useLiveValue } from "./live-thread-context.tsx";
import { Message } from "./message.tsx";
import { MessagePartsProvider, TextPart, ToolPart } from "./message-parts.tsx";
import { Reasoning } from "./reasoning.tsx";
import { toolTexts } from "./texts.ts";
import { TurnStatus } from "./turn-status.tsx";

function Tool({ toolCallId, toolName, args, result, isError }: ToolCallMessagePartProps) {
  const problem = isError === true ? Reflect.get(Object(result), "error") : undefined;
  return (
    <ToolPart
      callId={toolCallId}
      toolName={toolName}
      input={args}
      output={isError === true ? undefined : result}
      errorText={isError === true ? String(problem ?? toolTexts.toolFailed) : undefined}
    />
  );
}

const partComponents = { Text: TextPart, Reasoning, tools: { Fallback: Tool } };
const LiveParts = () => <MessagePrimitive.Parts components={partComponents} />;
const mend = (text: string): string => remend(text);

/** Stands for the answer until its message is here. */
function ComingAnswer() {
  const isComing = useLiveValue(
    ({ isBusy, live, messages }) => isBusy && messages.every(({ id }) => id !== live?.turn?.messageId),
  );
  return isComing ? <TurnStatus /> : null;
}

interface ShownProps {
  readonly onShown: () => void;
  readonly children?: ReactNode;
}

/** Tells, before the browser paints, that what is inside is on the page. */
function Shown({ onShown, children }: ShownProps) {
  useLayoutEffect(onShown, [onShown]);
  return children;
}

/** The thread's messages as its server tells them, while they are being written. */
export function LiveMessages({ onShown }: Pick<ShownProps, "onShown">) {
  const isEmpty = useLiveValue(({ messages }) => messages.length === 0);
  return (
    <EditorContext value={EditMessage}>
      <MendContext value={mend}>
        <MessagePartsProvider value={LiveParts}>
          {isEmpty ? <Shown onShown={onShown} /> : null}
          <ThreadPrimitive.Messages>
            {({ message }) => (
              <Shown onShown={onShown}>
                <Message id={message.id} />
              </Shown>
            )}
          </ThreadPrimitive.Messages>
          <ComingAnswer />
        </MessagePartsProvider>
      </MendContext>
    </EditorContext>
  );
}
