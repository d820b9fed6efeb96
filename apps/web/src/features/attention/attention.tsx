import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Thread, threadTitle } from "../threads/index.ts";
import { activitiesOf, newsOf, titleWith } from "./news.ts";
import { notify } from "./notifications.ts";
import { attentionTexts } from "./texts.ts";

const showIcon = (hasNews: boolean): void => {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link !== null) link.href = hasNews ? "/favicon-news.svg" : "/favicon.svg";
};

export interface AttentionProps {
  readonly threads: readonly Thread[];
}

const wordOf = (activity: Thread["activity"]): string =>
  activity === "waiting" || activity === "failed" ? attentionTexts[activity] : attentionTexts.finished;

/**
 * Tells in the tab's title and icon, and by a notification where that is wanted, that a turn has ended out of sight, or
 * waits for somebody.
 */
export default function Attention({ threads }: AttentionProps) {
  const navigate = useNavigate();
  const before = useRef(activitiesOf([]));
  const news = useRef(new Set<string>());

  useEffect(() => {
    const show = () => {
      const title = titleWith(document.title, news.current.size);
      if (title !== document.title) document.title = title;
    };
    const look = () => {
      if (document.visibilityState !== "visible" || news.current.size === 0) return;
      news.current.clear();
      show();
      showIcon(false);
    };
    // A page that gets another title meanwhile keeps the number.
    const observer = new MutationObserver(show);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);

  useEffect(() => {
    const told = newsOf(before.current, threads);
    before.current = activitiesOf(threads);
    if (told.length === 0 || document.visibilityState === "visible") return;
    for (const thread of told) {
      const { threadId } = thread;
      news.current.add(threadId);
      notify(
        threadTitle(thread),
        wordOf(thread.activity),
        () => void navigate({ to: "/t/$threadId", params: { threadId } }),
      );
    }
    document.title = titleWith(document.title, news.current.size);
    showIcon(true);
  }, [threads, navigate]);
  return null;
}
