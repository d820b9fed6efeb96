import { memo } from "react";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import { AssistantMessage } from "./assistant-message.tsx";
import { UserMessage } from "./user-message.tsx";

export interface MessageProps {
  readonly id: string;
  /** Which of how many it is, where the page holds only some of them. */
  readonly index?: number;
  readonly count?: number;
}

export const Message = memo(function Message({ id, index, count }: MessageProps) {
  const message = useLiveValue(({ messages }) => messages.findLast((candidate) => candidate.id === id));
  if (message === undefined) return null;
  const at = index === undefined ? {} : { "aria-posinset": index + 1, "aria-setsize": count };
  return message.role === "user" ? (
    <UserMessage message={message} {...at} />
  ) : (
    <AssistantMessage message={message} {...at} />
  );
});
