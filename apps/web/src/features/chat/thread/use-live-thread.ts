import { useAgentChat } from "@cloudflare/ai-chat/react";
import { type ErrorTag, isErrorTag } from "@threadbox/contracts/errors";
import type { MessageId } from "@threadbox/contracts/ids";
import type { Fork, ThreadCommand, ThreadLive } from "@threadbox/contracts/live";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useOnline } from "../../../lib/use-online.ts";
import { attachedIn, awaitsFiles, useFileDelivery } from "../../attachments/index.ts";
import { WireFailure } from "../../errors/index.ts";
import { filesOf, getDrafts, getOutbox, type OutgoingMessage, useOutgoing } from "../../outbox/index.ts";
import { liveTexts } from "../texts/live.ts";
import { CatchUp } from "./catch-up.ts";
import { type ChatMessage, confirmedIds, readingOrder, reconcile, textOf } from "./message-view.ts";
import type { ConnectionState, ThreadConnection } from "./thread-connection.ts";
import type { History } from "./use-history.ts";
import { useConnectionState, useLive } from "./use-thread-connection.ts";

export interface LiveThread {
  readonly threadId: string;
  /** In reading order. */
  readonly messages: readonly ChatMessage[];
  readonly outgoing: readonly OutgoingMessage[];
  readonly live: ThreadLive | null;
  readonly connection: ConnectionState | null;
  /** What is sent now reaches the thread. */
  readonly isConnected: boolean;
  /** A turn runs, or is about to. */
  readonly isBusy: boolean;
  /** Chunks of an answer arrive at the moment. */
  readonly isStreaming: boolean;
  readonly send: (text: string) => void;
  readonly stop: () => void;
  /** The messages shown that have siblings. */
  readonly forks: readonly Fork[];
  /** Shows another version of a message, with what follows it, in every tab. */
  readonly select: (messageId: string) => void;
  /** Asks for another version of an answer. */
  readonly regenerate: (messageId: string) => void;
  /** Sends another version of one of the user's messages, with its files; one that could not be sent is replaced by it. */
  readonly rewrite: (message: ChatMessage, text: string) => void;
  /** Takes back a message that waits: its text is a draft again, even where its turn begins at this moment. */
  readonly unqueue: (message: ChatMessage) => void;
  readonly command: (command: ThreadCommand) => void;
  readonly retryOutgoing: (id: string) => void;
  readonly dropOutgoing: (id: string) => void;
  /** The message whose editing was asked for from outside of it. */
  readonly editedId: string | null;
  readonly askToEdit: (messageId: string | null) => void;
}

/** How long a thread may take to say that it has a message. */
const confirmationMsMax = 20_000;
const noAnswer = { tag: "UpstreamTimeout", message: liveTexts.noAnswer } as const;

const noForks: readonly Fork[] = [];

/** What stays in sight when another version of this message takes its place. */
const beforeVersion = (messages: readonly ChatMessage[], siblingOf: string | undefined): readonly ChatMessage[] => {
  const at = messages.findIndex(({ id }) => id === siblingOf);
  return at < 0 ? messages : messages.slice(0, at);
};

const failureTag = (tag: string): ErrorTag => (isErrorTag(tag) ? tag : "Internal");

/** Brings together the thread's socket, its transcript and what this device still has to send. */
export const useLiveThread = (
  threadId: string,
  connection: ThreadConnection,
  initial: ChatMessage[],
  refetch: History["refetch"],
): LiveThread => {
  const state = useConnectionState(connection);
  const live = useLive(connection);
  const outgoing = useOutgoing(threadId);
  const outbox = getOutbox();
  const chat = useAgentChat<unknown, ChatMessage>({
    agent: connection.chatAgent,
    getInitialMessages: null,
    messages: initial,
    syncMessagesToServer: false,
  });
  const { messages, setMessages, sendMessage } = chat;
  // Without a network an open socket carries nothing, and says so only much later.
  const isOnline = useOnline();
  const isOpen = state?.kind === "open" && isOnline;
  const latest = useRef({ messages, live, outgoing, isStreaming: chat.isStreaming });
  useEffect(() => {
    latest.current = { messages, live, outgoing, isStreaming: chat.isStreaming };
  });

  useEffect(() => {
    outbox.remove(threadId, confirmedIds(outgoing, messages, live));
  }, [outbox, threadId, outgoing, messages, live]);

  useEffect(() => {
    if (isOpen) return;
    outbox.rewind(threadId);
  }, [outbox, threadId, isOpen]);

  useEffect(() => {
    if (!isOpen || live === null || outgoing.some((message) => message.state === "sending")) return;
    const next = outgoing.find((message) => message.state === "waiting");
    if (next === undefined || confirmedIds([next], messages, live).size > 0) return;
    const { id, text, attached = [], siblingOf } = next;
    if (awaitsFiles(attached)) return;
    outbox.markSending(threadId, id);
    setMessages((shown) => beforeVersion(shown, siblingOf).filter((message) => message.id !== id));
    const body = siblingOf === undefined ? {} : { siblingOf };
    void sendMessage({ id, role: "user", parts: [{ type: "text", text }, ...attached] }, { body });
  }, [outbox, threadId, isOpen, live, messages, outgoing, setMessages, sendMessage]);

  useFileDelivery(threadId, isOpen);

  const sendingId = outgoing.find((message) => message.state === "sending")?.id;
  useEffect(() => {
    if (sendingId === undefined || !isOpen) return;
    const timer = setTimeout(() => outbox.markFailed(threadId, sendingId, noAnswer), confirmationMsMax);
    return () => clearTimeout(timer);
  }, [outbox, threadId, isOpen, sendingId]);

  useEffect(
    () =>
      connection.onRefusal(({ _tag, message }) => {
        const refused = latest.current.outgoing.find((entry) => entry.state === "sending");
        if (refused !== undefined) outbox.markFailed(threadId, refused.id, { tag: failureTag(_tag), message });
      }),
    [connection, outbox, threadId],
  );

  const catchUp = useMemo(
    () =>
      new CatchUp({
        read: refetch,
        apply: (server: ChatMessage[]) => {
          const { live: now, outgoing: mine, isStreaming } = latest.current;
          const streamed = isStreaming && now?.turn !== null && now !== null ? [now.turn.messageId] : [];
          const kept = new Set<string>([...mine.map(({ id }) => id), ...streamed]);
          setMessages((local) => reconcile(local, server, kept));
        },
        isFinal: (error) => error instanceof WireFailure && !error.isRetryable,
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      }),
    [refetch, setMessages],
  );
  useEffect(() => () => catchUp.end(), [catchUp]);

  const hadGap = useRef(false);
  useEffect(
    () =>
      connection.onReopen(() => {
        hadGap.current = true;
        void catchUp.begin();
      }),
    [connection, catchUp],
  );

  // The stream of a turn may be lost with the gap, though its end is told: what the server has by then is the answer.
  const turnId = live?.turn?.messageId ?? null;
  const turnBefore = useRef(turnId);
  useEffect(() => {
    const endedId = turnBefore.current === turnId ? null : turnBefore.current;
    turnBefore.current = turnId;
    if (endedId !== null && hadGap.current) void catchUp.begin();
  }, [catchUp, turnId]);

  const send = useCallback(
    (text: string) => outbox.add(threadId, { id: crypto.randomUUID(), text, createdAt: Date.now() }),
    [outbox, threadId],
  );
  const takenBack = useRef(new Set<string>());
  const [editedId, askToEdit] = useState<string | null>(null);
  const isSending = outgoing.some((message) => message.state === "sending");
  const isTurnRunning = live === null ? chat.isStreaming : live.turn !== null || live.activity === "queued";

  return {
    threadId,
    messages: useMemo(() => readingOrder(messages, live, outgoing), [messages, live, outgoing]),
    outgoing,
    live,
    connection: state,
    isConnected: isOpen,
    isBusy: isTurnRunning || (isSending && isOpen),
    isStreaming: chat.isStreaming,
    send,
    stop: useCallback(() => connection.command({ type: "threadbox_stop" }), [connection]),
    regenerate: (messageId) => void chat.regenerate({ messageId }),
    rewrite: ({ id: siblingOf, parts }, text) => {
      const written = { id: crypto.randomUUID(), text, attached: attachedIn(parts), createdAt: Date.now() };
      const isUnsent = outgoing.some(({ id }) => id === siblingOf);
      if (isUnsent) outbox.remove(threadId, new Set([siblingOf]));
      outbox.add(threadId, isUnsent ? written : { ...written, siblingOf });
    },
    forks: live?.forks ?? noForks,
    select: (messageId) => connection.command({ type: "threadbox_select", messageId: messageId as MessageId }),
    command: useCallback((command: ThreadCommand) => connection.command(command), [connection]),
    unqueue: (message) => {
      connection.send(JSON.stringify({ type: "threadbox_unqueue", messageId: message.id }));
      if (takenBack.current.has(message.id)) return;
      takenBack.current.add(message.id);
      void getDrafts().giveBack(threadId, textOf(message));
      const attached = attachedIn(message.parts);
      if (attached.length > 0) void getDrafts().giveBack(filesOf(threadId), JSON.stringify(attached));
    },
    retryOutgoing: (id) => outbox.retry(threadId, id),
    dropOutgoing: (id) => outbox.remove(threadId, new Set([id])),
    editedId,
    askToEdit,
  };
};
