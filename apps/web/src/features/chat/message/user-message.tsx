import { IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Pencil } from "lucide-react";
import { memo, useContext, useEffect, useId, useState } from "react";
import { keepFocus } from "../../../lib/focus.ts";
import { CopyButton } from "../../text/index.ts";
import { BesideWords, DeliveryLine, RestoreBeforeMessage } from "../later/later-parts.tsx";
import { chatTexts, deliveryTexts } from "../texts/conversation.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { type OneMessageProps, type SendState, sendStateOf, textOf } from "../thread/message-view.ts";
import { BranchPicker } from "./branch-picker.tsx";
import { EditorContext } from "./editor-context.ts";
import { actionRow } from "./message-actions.ts";
import { MessageHeader } from "./message-header.tsx";
import { UserBubble } from "./user-bubble.tsx";

export const UserMessage = memo(function UserMessage({ message, ...position }: OneMessageProps) {
  const [isEditing, setIsEditing] = useState(false);
  const Editor = useContext(EditorContext);
  const commands = useLiveCommands();
  const headingId = useId();
  // Compared as text: the delivery is made anew at every look.
  const delivery: SendState = JSON.parse(
    useLiveValue(({ live, outgoing }) => JSON.stringify(sendStateOf(message, live, outgoing))),
  );
  const canEdit = useLiveValue(({ isBusy, isConnected }) => !isBusy && isConnected);
  const isEditAsked = useLiveValue(({ editedId }) => editedId === message.id);
  const text = textOf(message);

  useEffect(() => {
    if (!isEditAsked) return;
    commands().askToEdit(null);
    setIsEditing(true);
  }, [isEditAsked, commands]);

  const finish = (changed: string | null) => {
    setIsEditing(false);
    keepFocus();
    if (changed !== null) commands().rewrite(message, changed);
  };

  return (
    <article
      {...position}
      aria-labelledby={headingId}
      data-message={message.id}
      data-author="user"
      className="group/message scroll-mt-4 scroll-mb-40"
    >
      <MessageHeader id={headingId} message={message} author={chatTexts.you} />
      {isEditing && Editor !== null ? (
        <Editor message={message} onDone={finish} />
      ) : (
        <div className="relative flex flex-col items-end">
          {message.parts.length > 1 ? <BesideWords message={message} /> : null}
          {text === "" ? null : <UserBubble text={text} />}
          <BranchPicker messageId={message.id} className="-me-1.5 mt-1.5 flex-row-reverse" />
          {delivery.state === "sent" ? (
            <div className={classNames(actionRow, "absolute end-0 top-full mt-1 opacity-0")}>
              <CopyButton label={deliveryTexts.copy} text={() => text} />
              <IconButton
                label={deliveryTexts.editMessage}
                icon={<Pencil />}
                size="sm"
                disabled={!canEdit}
                onClick={() => setIsEditing(true)}
              />
              <RestoreBeforeMessage message={message} />
            </div>
          ) : (
            <DeliveryLine message={message} delivery={delivery} onEdit={() => setIsEditing(true)} />
          )}
        </div>
      )}
    </article>
  );
});
