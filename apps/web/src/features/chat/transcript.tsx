import { Button } from "@threadbox/ui/button";
import { ArrowDown } from "lucide-react";
import type { ReactNode } from "react";
import { useStickToBottom } from "use-stick-to-bottom";
import { StopFollowingContext } from "./stop-following.ts";

export interface TranscriptProps {
  /** Nothing of the conversation is here. */
  readonly isLoading: boolean;
  readonly children: ReactNode;
}

/** The conversation: follows what is written while its end is in view, and stays where the reader is otherwise. */
export function Transcript({ isLoading, children }: TranscriptProps) {
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
            aria-busy={isLoading}
            // Words that arrive one by one are not read out one by one; the announcer says when the answer is there.
            aria-live="off"
            className="mx-auto w-full max-w-(--measure) space-y-8 px-4 pt-6 pb-10 sm:px-6 pointer-coarse:space-y-12"
          >
            {children}
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
