import { Button } from "@threadbox/ui/button";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useStickToBottom } from "use-stick-to-bottom";
import { chatTexts } from "../texts/conversation.ts";
import { TranscriptViewContext } from "../thread/transcript-view.ts";

export interface TranscriptProps {
  /** Nothing of the conversation is here. */
  readonly isLoading: boolean;
  /** The newest message that is on its way from here. */
  readonly sentId: string | undefined;
  readonly children: ReactNode;
}

/** The conversation: follows what is written while its end is in view, and stays where the reader is otherwise. */
export function Transcript({ isLoading, sentId, children }: TranscriptProps) {
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll, state } = useStickToBottom({
    initial: "instant",
    resize: "instant",
  });
  // Whoever sends a message looks at it, and at the answer that follows.
  useEffect(() => {
    if (sentId !== undefined) void scrollToBottom("instant");
  }, [sentId, scrollToBottom]);
  // A notice that comes, or a message box that grows, takes its room from below: the end stays in view.
  const isFollowing = useRef(isAtBottom);
  useEffect(() => {
    isFollowing.current = isAtBottom;
  });
  useEffect(() => {
    if (scrollRef.current === null) return;
    const observer = new ResizeObserver(() => {
      if (isFollowing.current) void scrollToBottom("instant");
    });
    observer.observe(scrollRef.current);
    return () => observer.disconnect();
  }, [scrollRef, scrollToBottom]);
  const view = useMemo(
    () => ({ scroller: scrollRef, isFollowing: () => state.isAtBottom, stopFollowing: stopScroll }),
    [scrollRef, state, stopScroll],
  );
  return (
    <TranscriptViewContext value={view}>
      <div className="relative min-h-0 flex-1">
        <div ref={scrollRef} className="relative size-full overflow-y-auto overscroll-contain [overflow-anchor:none]">
          <div
            ref={contentRef}
            role="log"
            aria-label={chatTexts.conversation}
            aria-busy={isLoading}
            // Words that arrive one by one are not read out one by one; the announcer says when the answer is there.
            aria-live="off"
            className="mx-auto w-full max-w-(--measure) px-4 pt-6 pb-10 *:not-first:mt-10 sm:px-6 pointer-coarse:*:not-first:mt-12"
          >
            {children}
          </div>
        </div>
        <div className="pointer-events-none absolute inset-x-0 bottom-0 h-6 bg-[linear-gradient(to_top,var(--color-canvas),transparent)]" />
        {isAtBottom ? null : (
          <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
            <Button
              size="sm"
              shape="pill"
              className="pointer-events-auto"
              onClick={() => void scrollToBottom("instant")}
            >
              <ArrowDown /> {chatTexts.jumpToLatest}
            </Button>
          </div>
        )}
      </div>
    </TranscriptViewContext>
  );
}
