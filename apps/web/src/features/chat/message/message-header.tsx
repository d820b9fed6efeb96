import { useLiveValue } from "../thread/live-thread-context.tsx";
import type { ChatMessage } from "../thread/message-view.ts";

interface MessageHeaderProps {
  readonly id: string;
  readonly author: string;
  readonly message: Pick<ChatMessage, "id">;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** Tells people who do not see the layout whose message follows, and when it was said as far as anybody knows. */
export function MessageHeader({ id, author, message }: MessageHeaderProps) {
  // A question is as old as the answer that follows it.
  const at = useLiveValue(({ messages }) => {
    const index = messages.findLastIndex((candidate) => candidate.id === message.id);
    return (messages[index]?.metadata?.startedAt ?? messages[index + 1]?.metadata?.startedAt) || null;
  });
  return (
    <h2 className="sr-only">
      <span id={id}>{author}</span>
      {at === null ? null : `, ${clock.format(at)}`}
    </h2>
  );
}
