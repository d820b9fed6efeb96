import { useEffect, useRef, useState } from "react";
import { useLiveValue } from "./live-thread-context.tsx";
import { textOf } from "./message-view.ts";

const wordsOf = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** Tells a screen reader when an answer begins and ends; the words in between are read at the reader's own pace. */
export function Announcer() {
  const isBusy = useLiveValue((thread) => thread.isBusy);
  const answer = useLiveValue(({ messages }) => messages.findLast(({ role }) => role === "assistant"));
  const wasBusy = useRef(false);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (isBusy === wasBusy.current) return;
    wasBusy.current = isBusy;
    if (isBusy) return setSaid("Answering…");
    const state = answer?.metadata?.state;
    const words = answer === undefined ? 0 : wordsOf(textOf(answer));
    if (state === "failed") setSaid("The answer failed.");
    else if (state === "interrupted") setSaid("Stopped.");
    else setSaid(`Answer complete, ${words} ${words === 1 ? "word" : "words"}.`);
  }, [isBusy, answer]);
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  );
}
