import type { Fork } from "@threadbox/contracts/live";
import { useMemo } from "react";
import { getOutbox, type OutgoingMessage, useOutgoing } from "../../outbox/index.ts";
import { Message } from "../message/message.tsx";
import { LiveThreadProvider } from "../thread/live-thread-context.tsx";
import { type ChatMessage, readingOrder } from "../thread/message-view.ts";
import type { LiveThread } from "../thread/use-live-thread.ts";
import { gapAbove } from "./message-gap.ts";
import { TranscriptSkeleton } from "./transcript-skeleton.tsx";
import type { Settled } from "./use-settled-messages.ts";

const nothing = () => undefined;

/** A thread that nobody is connected to: what it holds can be read, and what this device still has to send is shown. */
const settledThread = (
  threadId: string,
  messages: readonly ChatMessage[],
  outgoing: readonly OutgoingMessage[],
  forks: readonly Fork[],
): LiveThread => ({
  threadId,
  messages: readingOrder(messages, null, outgoing),
  outgoing,
  live: null,
  connection: null,
  isConnected: false,
  isBusy: false,
  isStreaming: false,
  send: nothing,
  stop: nothing,
  regenerate: nothing,
  rewrite: nothing,
  unqueue: nothing,
  forks,
  select: nothing,
  command: nothing,
  retryOutgoing: (id) => getOutbox().retry(threadId, id),
  dropOutgoing: (id) => getOutbox().remove(threadId, new Set([id])),
  editedId: null,
  askToEdit: nothing,
});

export interface SettledMessagesProps {
  readonly threadId: string;
  /** Undefined until Convex has answered. */
  readonly settled: Settled | undefined;
}

/** The end of the conversation as Convex keeps it, to be read before the thread's own server has said anything. */
export function SettledMessages({ threadId, settled }: SettledMessagesProps) {
  const outgoing = useOutgoing(threadId);
  const thread = useMemo(
    () => settledThread(threadId, settled?.messages ?? [], outgoing, settled?.forks ?? []),
    [threadId, settled, outgoing],
  );
  if (settled === undefined && outgoing.length === 0) return <TranscriptSkeleton />;
  return (
    <LiveThreadProvider value={thread}>
      <div>
        {thread.messages.map(({ id, role }, at) => (
          <div key={id} className={gapAbove(role, thread.messages[at - 1]?.role)}>
            <Message id={id} />
          </div>
        ))}
      </div>
    </LiveThreadProvider>
  );
}
