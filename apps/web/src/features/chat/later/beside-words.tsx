import { isFromOpenCode } from "@threadbox/contracts/message-origin";
import { liveTexts } from "../texts/live.ts";
import type { ChatMessage } from "../thread/message-view.ts";
import { MessageFiles } from "./message-files.tsx";

/** What a message of the user's has beside its words: files, and where it was written. */
export function BesideWords({ message }: { readonly message: ChatMessage }) {
  return (
    <>
      {isFromOpenCode(message.parts) ? <p className="mb-1 text-ink-muted text-xs">{liveTexts.fromOpenCode}</p> : null}
      <MessageFiles message={message} />
    </>
  );
}
