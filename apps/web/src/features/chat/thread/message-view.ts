import { isErrorTag } from "@threadbox/contracts/errors";
import type { ThreadLive } from "@threadbox/contracts/live";
import { restartedPartType, validParts } from "@threadbox/contracts/restarted-part";
import type { TurnError, TurnMetadata } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import type { OutgoingMessage } from "../../outbox/index.ts";

/** A message of the transcript; user messages carry metadata only while they wait. */
export type ChatMessage = UIMessage<Partial<TurnMetadata>>;

export interface OneMessageProps {
  readonly message: ChatMessage;
  /** Which of how many it is, from 1, where the page holds only some of them. */
  readonly "aria-posinset"?: number | undefined;
  readonly "aria-setsize"?: number | undefined;
}

/** How a user message stands on its way to the thread. `sent` needs no word. */
export type SendState =
  | { readonly state: "sent" | "waiting" | "sending" | "queued" }
  | { readonly state: "failed"; readonly failure: NonNullable<OutgoingMessage["failure"]> };

export const textOf = (message: Pick<ChatMessage, "parts">): string =>
  message.parts
    .filter((part) => part.type === "text")
    .map(({ text }) => text)
    .join("\n\n");

const toMessage = ({ id, text, attached = [] }: OutgoingMessage): ChatMessage => ({
  id,
  role: "user",
  parts: [{ type: "text", text }, ...attached],
});

const isQueued = (message: ChatMessage, live: ThreadLive | null): boolean =>
  message.role === "user" &&
  (message.metadata?.state === "queued" || (live?.queued.some(({ messageId }) => messageId === message.id) ?? false));

/** Whether what waits stands in a list of its own, above the message box. */
export const isQueueListed = ({ queued, isPaused = false }: ThreadLive): boolean =>
  queued.length > 1 || (isPaused && queued.length > 0);

/** The message without what its model took back when it began again. */
const withoutVoid = (message: ChatMessage): ChatMessage =>
  message.parts.some(({ type }) => type === restartedPartType)
    ? { ...message, parts: [...validParts(message.parts)] }
    : message;

/**
 * The transcript in reading order: what the thread has, then what waits in its queue, then what this device has not
 * got through. An answer that is being written stays above the messages that were sent meanwhile. Another version of a
 * message stands in its place, and what followed that one is out of sight.
 */
export const readingOrder = (
  messages: readonly ChatMessage[],
  live: ThreadLive | null,
  outbox: readonly OutgoingMessage[],
): readonly ChatMessage[] => {
  const outgoing = new Set(outbox.map(({ id }) => id));
  const known = new Set(messages.map(({ id }) => id));
  const versions = new Set(outbox.flatMap(({ siblingOf, state }) => (state === "failed" ? [] : (siblingOf ?? []))));
  const at = messages.findIndex(({ id }) => versions.has(id));
  const seen = at < 0 ? messages : messages.slice(0, at);
  const isListed = live !== null && isQueueListed(live);
  const rank = (message: ChatMessage): number => (outgoing.has(message.id) ? 2 : isQueued(message, live) ? 1 : 0);
  const ranked = seen
    .filter((message) => !(isListed && isQueued(message, live)))
    .map(withoutVoid)
    .toSorted((a, b) => rank(a) - rank(b));
  const unknown = outbox.filter(({ id }) => !known.has(id)).map(toMessage);
  return [...ranked, ...unknown];
};

export const sendStateOf = (
  message: ChatMessage,
  live: ThreadLive | null,
  outbox: readonly OutgoingMessage[],
): SendState => {
  const outgoing = outbox.find(({ id }) => id === message.id);
  if (outgoing?.state === "failed")
    return { state: "failed", failure: outgoing.failure ?? { tag: "Internal", message: "" } };
  if (isQueued(message, live)) return { state: "queued" };
  return { state: outgoing?.state ?? "sent" };
};

/** Which messages of the outbox the server has shown to know: it answers them, or lets them wait in its queue. */
export const confirmedIds = (
  outbox: readonly OutgoingMessage[],
  messages: readonly ChatMessage[],
  live: ThreadLive | null,
): ReadonlySet<string> => {
  const isConfirmed = ({ id }: OutgoingMessage): boolean => {
    if (live?.turn?.userMessageId === id || live?.queued.some(({ messageId }) => messageId === id)) return true;
    const index = messages.findIndex((message) => message.id === id);
    if (index === -1) return false;
    return messages[index]?.metadata?.state === "queued" || messages[index + 1]?.role === "assistant";
  };
  return new Set(outbox.filter(isConfirmed).map(({ id }) => id));
};

/**
 * The transcript after a gap in the connection: what the server says, but for the answer that is being written here,
 * which is ahead of what the server has stored, and for what only this device knows.
 */
export const reconcile = (
  local: readonly ChatMessage[],
  server: readonly ChatMessage[],
  kept: ReadonlySet<string>,
): ChatMessage[] => {
  const mine = new Map(local.filter(({ id }) => kept.has(id)).map((message) => [message.id, message]));
  const merged = server.map((message) => mine.get(message.id) ?? message);
  const known = new Set(server.map(({ id }) => id));
  return [...merged, ...[...mine.values()].filter(({ id }) => !known.has(id))];
};

/** Why the turn of an assistant message failed, with a tag that the page has words for. */
export const turnFailure = (error: TurnError | undefined) =>
  error === undefined
    ? null
    : ({
        tag: isErrorTag(error._tag) ? error._tag : "Internal",
        message: error.message,
        isRetryable: error.retryable,
      } as const);
