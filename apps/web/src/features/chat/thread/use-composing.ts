import { useCallback, useRef } from "react";
import type { ThreadConnection } from "./thread-connection.ts";

const composingEveryMs = 30_000;

/** Answers what to call while somebody writes: the thread's sandbox gets ready before the message is sent. */
export const useComposing = (connection: ThreadConnection): (() => void) => {
  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    const now = performance.now();
    if (now - saidAt.current < composingEveryMs || connection.getConnectionState().kind !== "open") return;
    saidAt.current = now;
    connection.command({ type: "threadbox_composing" });
  }, [connection]);
};
