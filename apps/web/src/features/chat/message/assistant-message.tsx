import { memo, useId } from "react";
import { TurnStatus } from "../later/later-parts.tsx";
import { chatTexts } from "../texts/conversation.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import type { OneMessageProps } from "../thread/message-view.ts";
import { BranchPicker } from "./branch-picker.tsx";
import { MessageHeader } from "./message-header.tsx";
import { MessageParts, NewestContext, TurnContext } from "./message-parts.tsx";
import { TurnEnd } from "./turn-end.tsx";

export const AssistantMessage = memo(function AssistantMessage({ message, ...position }: OneMessageProps) {
  const headingId = useId();
  const isWritten = useLiveValue(({ live }) => live?.turn?.messageId === message.id);
  const isLast = useLiveValue(
    ({ messages }) => messages.findLast(({ role }) => role === "assistant")?.id === message.id,
  );
  const isStreamingHere = useLiveValue(({ live, isStreaming }) => live === null && isStreaming) && isLast;
  const isRunning = isWritten || isStreamingHere;
  const state = message.metadata?.state;
  return (
    <article
      {...position}
      aria-labelledby={headingId}
      aria-busy={isRunning}
      data-message={message.id}
      data-author="assistant"
      className="group/message relative scroll-mt-4 scroll-mb-40 text-base leading-7"
    >
      <MessageHeader id={headingId} message={message} author={chatTexts.assistant} />
      <TurnContext value={isRunning ? "running" : state === "interrupted" ? "interrupted" : "over"}>
        <NewestContext value={isLast}>
          <div className="flex flex-col gap-2">
            <MessageParts message={message} />
          </div>
        </NewestContext>
      </TurnContext>
      {isRunning ? (
        <TurnStatus className={message.parts.length === 0 ? undefined : "mt-4"} />
      ) : (
        <>
          <BranchPicker messageId={message.id} className="-ms-1.5 mt-3" />
          <TurnEnd message={message} isLast={isLast} />
        </>
      )}
    </article>
  );
});
