import { useEffect, useRef, useState } from "react";
import { liveTexts } from "./texts/live.ts";
import { useLiveValue } from "./thread/live-thread-context.tsx";
import { textOf } from "./thread/message-view.ts";
import { failedSteps } from "./turn/turn-summary.ts";

const wordsOf = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** Tells a screen reader when an answer begins and ends; the words in between are read at the reader's own pace. */
export function Announcer() {
  const isBusy = useLiveValue((thread) => thread.isBusy);
  const answer = useLiveValue(({ messages }) => messages.findLast(({ role }) => role === "assistant"));
  const wasBusy = useRef(false);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const state = answer?.metadata?.state;
    if (isBusy) {
      wasBusy.current = true;
      return setSaid(liveTexts.answering);
    }
    // That the turn is over and how the answer ended arrive one after the other, in either order.
    if (!wasBusy.current || state === "running") return;
    wasBusy.current = false;
    const words = answer === undefined ? 0 : wordsOf(textOf(answer));
    if (state === "failed") setSaid(liveTexts.answerFailed);
    else if (state === "interrupted") setSaid(liveTexts.stopped);
    else setSaid(liveTexts.complete(words, failedSteps(answer)));
  }, [isBusy, answer]);
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  );
}
