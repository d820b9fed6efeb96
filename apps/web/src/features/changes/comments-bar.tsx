import { userTextBytesMax } from "@threadbox/contracts/limits";
import { Button } from "@threadbox/ui/button";
import { showToast } from "@threadbox/ui/toast";
import { getOutbox } from "../outbox/index.ts";
import type { CommentList, Comments } from "./comments.ts";
import { commentsMessage } from "./comments-message.ts";
import { changesTexts } from "./texts.ts";

export interface CommentsBarProps {
  readonly threadId: string;
  readonly comments: Comments;
  readonly said: CommentList;
}

/** How many comments wait, and the way to the agent: all of them are one message. */
export function CommentsBar({ threadId, comments, said }: CommentsBarProps) {
  const finished = [...said.values()].filter(({ isEditing }) => !isEditing);
  if (finished.length === 0) return null;
  const send = () => {
    const text = commentsMessage(finished);
    if (new TextEncoder().encode(text).byteLength > userTextBytesMax) {
      showToast({ title: changesTexts.commentsTooLong });
      return;
    }
    getOutbox().add(threadId, { id: crypto.randomUUID(), text, createdAt: Date.now() });
    comments.removeFinished();
    showToast({ title: changesTexts.commentsSent });
  };
  return (
    <div className="changes-bar">
      <p role="status">{changesTexts.commentsWaiting(finished.length)}</p>
      <Button size="sm" tone="quiet" onClick={() => comments.removeFinished()}>
        {changesTexts.discardComments}
      </Button>
      <Button size="sm" tone="accent" onClick={send}>
        {changesTexts.sendComments}
      </Button>
    </div>
  );
}
