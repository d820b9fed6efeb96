import { useCallback, useEffect, useRef } from "react";
import type { ThreadConnection } from "./thread-connection.ts";

const composingEveryMs = 30_000;

/**
 * Answers what to call while somebody writes: the thread's sandbox gets ready before the message is sent. A turn takes what was
 * got ready, so whoever writes after it, or while it ends, says so anew.
 */
export const useComposing = (connection: ThreadConnection, isBusy: boolean): (() => void) => {
  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!isBusy) saidAt.current = Number.NEGATIVE_INFINITY;
  }, [isBusy]);
  return useCallback(() => {
    const now = performance.now();
    if (now - saidAt.current < composingEveryMs || connection.getConnectionState().kind !== "open") return;
    saidAt.current = now;
    connection.command({ type: "threadbox_composing" });
  }, [connection]);
};
