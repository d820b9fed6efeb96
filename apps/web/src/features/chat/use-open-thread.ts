import { isErrorTag } from "@threadbox/contracts/errors";
import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useMutation, useQueries } from "convex/react";
import { ConvexError } from "convex/values";
import { useEffect, useMemo } from "react";
import { WireFailure } from "../errors/index.ts";
import { type Thread, threadTitle } from "../threads/index.ts";

const failureOf = (error: Error): WireFailure => {
  const data = error instanceof ConvexError ? Object(error.data) : {};
  const tag: unknown = Reflect.get(data, "_tag");
  const message: unknown = Reflect.get(data, "message");
  return new WireFailure(isErrorTag(tag) ? tag : "Internal", typeof message === "string" ? message : "");
};

export interface OpenThread {
  /** Undefined until Convex has answered. */
  readonly thread: Thread | undefined;
  readonly problem: WireFailure | null;
}

/** The thread's row, live; while the page is looked at, the thread counts as read. */
export const useOpenThread = (threadId: string): OpenThread => {
  const { isAuthenticated } = useConvexAuth();
  // `useQuery` would throw what Convex refuses; here a refusal is something to show.
  const { thread } = useQueries(
    useMemo(
      () => (isAuthenticated ? { thread: { query: api.threads.get, args: { threadId } } } : {}),
      [isAuthenticated, threadId],
    ),
  );
  const markRead = useMutation(api.threads.markRead);
  const isUnread = !(thread instanceof Error) && thread?.isUnread === true;
  useEffect(() => {
    if (!isUnread) return;
    const mark = () => {
      // A mark that is not saved leaves a dot, and the next look saves it.
      if (document.visibilityState === "visible") markRead({ threadId }).catch(() => undefined);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [isUnread, markRead, threadId]);

  const title = thread === undefined || thread instanceof Error ? null : threadTitle(thread);
  useEffect(() => {
    if (title !== null) document.title = `${title} · Threadbox`;
  }, [title]);

  return thread instanceof Error ? { thread: undefined, problem: failureOf(thread) } : { thread, problem: null };
};
