import { MessagePrimitive, ThreadPrimitive, type ToolCallMessagePartProps } from "@assistant-ui/react";
import remend from "remend";
import { MendContext, PathLinkContext } from "../../text/index.ts";
import { EmptyThread } from "../composer/empty-thread.tsx";
import { TurnStatus } from "../later/later-parts.tsx";
import { EditMessage } from "../message/edit-message.tsx";
import { EditorContext } from "../message/editor-context.ts";
import { Message } from "../message/message.tsx";
import { type MessagePartsProps, MessagePartsProvider, TextPart, ToolPart } from "../message/message-parts.tsx";
import { Reasoning } from "../message/reasoning.tsx";
import { toolTexts } from "../texts/tools.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import { WorkspaceLink } from "../tools/workspace-link.tsx";
import { MessageWindow, type MessageWindowProps } from "./message-window.tsx";

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
const messageComponents = { Message: () => <MessagePrimitive.Parts components={partComponents} /> };
const LiveParts = ({ message }: MessagePartsProps) => (
  <ThreadPrimitive.Unstable_MessageById messageId={message.id} components={messageComponents} />
);
const drawMessage: MessageWindowProps["children"] = (message) => <Message {...message} />;
const mend = (text: string): string => remend(text);

/** Stands for the answer until its message is here. */
function ComingAnswer() {
  const isComing = useLiveValue(
    ({ isBusy, live, messages }) => isBusy && messages.every(({ id }) => id !== live?.turn?.messageId),
  );
  return isComing ? <TurnStatus /> : null;
}

/** The thread's messages as its server tells them, while they are being written. */
export function LiveMessages(props: Pick<MessageWindowProps, "isAlone" | "onShown">) {
  return (
    <EditorContext value={EditMessage}>
      <MendContext value={mend}>
        <PathLinkContext value={WorkspaceLink}>
          <MessagePartsProvider value={LiveParts}>
            <MessageWindow {...props}>{drawMessage}</MessageWindow>
            <EmptyThread />
            <ComingAnswer />
          </MessagePartsProvider>
        </PathLinkContext>
      </MendContext>
    </EditorContext>
  );
}
