import { ThreadPrimitive } from "@assistant-ui/react";
import { Button } from "@threadbox/ui/button";
import { ArrowDown } from "lucide-react";
import { useStickToBottom } from "use-stick-to-bottom";
import { AssistantMessage } from "./assistant-message.tsx";
import { useLiveValue } from "./live-thread-context.tsx";
import { StopFollowingContext } from "./stop-following.ts";
import { TurnStatus } from "./turn-status.tsx";
import { UserMessage } from "./user-message.tsx";

function Message({ id }: { readonly id: string }) {
  const message = useLiveValue(({ messages }) => messages.find((candidate) => candidate.id === id));
  if (message === undefined) return null;
  return message.role === "user" ? <UserMessage message={message} /> : <AssistantMessage message={message} />;
}

/** Stands for the answer until its message is here. */
function ComingAnswer() {
  const isComing = useLiveValue(
    ({ isBusy, live, messages }) => isBusy && messages.every(({ id }) => id !== live?.turn?.messageId),
  );
  return isComing ? <TurnStatus /> : null;
}

/** The conversation: follows what is written while its end is in view, and stays where the reader is otherwise. */
export function Transcript() {
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll } = useStickToBottom({
    initial: "instant",
    resize: "instant",
  });
  return (
    <StopFollowingContext value={stopScroll}>
      <div className="relative min-h-0 flex-1">
        <div ref={scrollRef} className="relative size-full overflow-y-auto overscroll-contain">
          <div
            ref={contentRef}
            role="log"
            aria-label="Conversation"
            // Words that arrive one by one are not read out one by one; the announcer says when the answer is there.
            aria-live="off"
            className="mx-auto w-full max-w-(--measure) space-y-8 px-4 pt-6 pb-10 sm:px-6 pointer-coarse:space-y-12"
          >
            <ThreadPrimitive.Messages>{({ message }) => <Message id={message.id} />}</ThreadPrimitive.Messages>
            <ComingAnswer />
          </div>
        </div>
        {isAtBottom ? null : (
          <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
            <Button
              size="sm"
              shape="pill"
              className="pointer-events-auto"
              onClick={() => void scrollToBottom("instant")}
            >
              <ArrowDown /> Jump to latest
            </Button>
          </div>
        )}
      </div>
    </StopFollowingContext>
  );
}
