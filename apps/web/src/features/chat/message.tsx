import { AssistantMessage } from "./assistant-message.tsx";
import { useLiveValue } from "./live-thread-context.tsx";
import { UserMessage } from "./user-message.tsx";

export function Message({ id }: { readonly id: string }) {
  const message = useLiveValue(({ messages }) => messages.find((candidate) => candidate.id === id));
  if (message === undefined) return null;
  return message.role === "user" ? <UserMessage message={message} /> : <AssistantMessage message={message} />;
}
