import { useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { usePendingThreads } from "../outbox/index.ts";
import { useHistory } from "./thread/use-history.ts";

const ThreadDelivery = lazyOrNothing(() => import("./thread-delivery.tsx"));

/** The open page comes first; its own thread sends for itself. */
const headStartMs = 3_000;

/** A thread that nobody looks at, for as long as it has something to be sent. */
function PendingThread({ threadId }: { readonly threadId: string }) {
  const { state, refetch } = useHistory(threadId, true);
  return state.kind === "loaded" ? <ThreadDelivery {...{ threadId, refetch }} initial={state.messages} /> : null;
}

function PendingThreads() {
  const { threadId: openThreadId } = useParams({ strict: false });
  const pending = usePendingThreads().filter((threadId) => threadId !== openThreadId);
  return (
    <Suspense>
      {pending.map((threadId) => (
        <PendingThread key={threadId} threadId={threadId} />
      ))}
    </Suspense>
  );
}

/** Sends what was written in threads that are not open any more, or were left before they were connected. */
export function OutboxDelivery() {
  const [isTime, setIsTime] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsTime(true), headStartMs);
    return () => clearTimeout(timer);
  }, []);
  return isTime ? <PendingThreads /> : null;
}
