import { RestoreBefore } from "../../points/index.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import { type ChatMessage, textOf } from "../thread/message-view.ts";

/** Offers the files as they were before this message. */
export function RestoreBeforeMessage({ message }: { readonly message: ChatMessage }) {
  const threadId = useLiveValue((thread) => thread.threadId);
  const isIdle = useLiveValue(({ isBusy, isConnected, live }) => !isBusy && isConnected && live?.queued.length === 0);
  const previousId = useLiveValue(
    ({ messages }) => messages[messages.findLastIndex(({ id }) => id === message.id) - 1]?.id ?? null,
  );
  return (
    <RestoreBefore
      threadId={threadId}
      messageId={message.id}
      text={textOf(message)}
      previousId={previousId}
      isDisabled={!isIdle}
    />
  );
}
