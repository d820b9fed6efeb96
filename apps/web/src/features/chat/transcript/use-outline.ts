import { useState } from "react";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import type { ChatMessage } from "../thread/message-view.ts";
import type { LiveThread } from "../thread/use-live-thread.ts";

export type Outline = readonly Pick<ChatMessage, "id" | "role">[];

const isSame = (outline: Outline, messages: Outline): boolean =>
  outline.length === messages.length &&
  messages.every(({ id, role }, index) => outline[index]?.id === id && outline[index]?.role === role);

/** Remembers its last answer, so that words which arrive in a message do not make a new one. */
const outlineReader = () => {
  let last: Outline = [];
  return ({ messages }: LiveThread): Outline => {
    if (!isSame(last, messages)) last = messages.map(({ id, role }) => ({ id, role }));
    return last;
  };
};

/** Which messages there are, in reading order, whatever stands in them. */
export const useOutline = (): Outline => {
  const [read] = useState(outlineReader);
  return useLiveValue(read);
};
