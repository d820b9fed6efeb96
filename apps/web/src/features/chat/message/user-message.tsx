import { isFromOpenCode } from "@threadbox/contracts/message-origin";
import { Button, IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Clock, LoaderCircle, Pencil } from "lucide-react";
import { memo, useContext, useEffect, useId, useState } from "react";
import { keepFocus } from "../../../lib/focus.ts";
import { useOnline } from "../../../lib/use-online.ts";
import { CopyButton } from "../../text/index.ts";
import { FailedDelivery, RestoreBeforeMessage } from "../later/later-parts.tsx";
import { chatTexts, deliveryTexts } from "../texts/conversation.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { type OneMessageProps, type SendState, sendStateOf, textOf } from "../thread/message-view.ts";
import { BranchPicker } from "./branch-picker.tsx";
import { EditorContext } from "./editor-context.ts";
import { actionRow } from "./message-actions.ts";
import { MessageHeader } from "./message-header.tsx";
import { UserBubble } from "./user-bubble.tsx";

interface DeliveryLineProps {
  readonly id: string;
  readonly delivery: SendState;
  readonly isOnline: boolean;
  readonly onTakeBack: () => void;
  readonly onEdit: () => void;
}

const lineClass =
  "mt-1.5 flex min-h-7 flex-wrap items-center justify-end gap-2 text-ink-muted text-xs [&_svg]:size-3.5";

function DeliveryLine({ id, delivery, isOnline, onTakeBack, onEdit }: DeliveryLineProps) {
  const isConnected = useLiveValue((thread) => thread.isConnected);
  switch (delivery.state) {
    case "sent":
      return null;
    case "sending":
      return (
        <div className={lineClass}>
          <LoaderCircle aria-hidden="true" className="animate-turn" /> {deliveryTexts.sending}
        </div>
      );
    case "waiting":
      return (
        <div className={lineClass}>
          <Clock aria-hidden="true" /> {isOnline ? deliveryTexts.sending : deliveryTexts.waiting}
        </div>
      );
    case "queued":
      return (
        <div className={lineClass}>
          <Clock aria-hidden="true" /> {deliveryTexts.queued}
          <Button tone="quiet" size="sm" disabled={!isConnected} onClick={onTakeBack}>
            <Pencil /> {deliveryTexts.edit}
          </Button>
        </div>
      );
    case "failed":
      return (
        <div className={lineClass} role="alert">
          <FailedDelivery id={id} failure={delivery.failure} onEdit={onEdit} />
        </div>
      );
  }
}

export const UserMessage = memo(function UserMessage({ message, ...position }: OneMessageProps) {
  const [isEditing, setIsEditing] = useState(false);
  const Editor = useContext(EditorContext);
  const commands = useLiveCommands();
  const headingId = useId();
  // Compared as text: the delivery is made anew at every look.
  const delivery: SendState = JSON.parse(
    useLiveValue(({ live, outgoing }) => JSON.stringify(sendStateOf(message, live, outgoing))),
  );
  const isOnline = useOnline();
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
    if (changed === null) return;
    if (delivery.state === "failed") {
      commands().dropOutgoing(message.id);
      commands().send(changed);
    } else commands().resend(message.id, changed);
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
        <Editor text={text} onDone={finish} />
      ) : (
        <div className="relative flex flex-col items-end">
          <UserBubble text={text} />
          {isFromOpenCode(message.parts) ? (
            <p className="mt-1 text-ink-muted text-xs">{chatTexts.fromOpenCode}</p>
          ) : null}
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
            <DeliveryLine
              id={message.id}
              delivery={delivery}
              isOnline={isOnline}
              onTakeBack={() => commands().unqueue(message)}
              onEdit={() => setIsEditing(true)}
            />
          )}
        </div>
      )}
    </article>
  );
});
