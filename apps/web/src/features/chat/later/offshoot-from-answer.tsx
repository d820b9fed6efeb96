import { OffshootFrom, offshootTexts } from "../../points/index.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import type { ChatMessage } from "../thread/message-view.ts";

/** Offers a new thread that goes on from this answer. */
export function OffshootFromAnswer({ message: { id } }: { readonly message: ChatMessage }) {
  const threadId = useLiveValue((thread) => thread.threadId);
  return <OffshootFrom threadId={threadId} place={{ after: id }} label={offshootTexts.fromHere} />;
}
