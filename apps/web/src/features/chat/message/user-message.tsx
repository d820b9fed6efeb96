import { IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Pencil } from "lucide-react";
import { memo, useContext, useId } from "react";
import { CopyButton } from "../../text/index.ts";
import { BesideWords, DeliveryLine, RestoreBeforeMessage } from "../later/later-parts.tsx";
import { chatTexts, deliveryTexts } from "../texts/conversation.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { type OneMessageProps, type SendState, sendStateOf, textOf } from "../thread/message-view.ts";
import { BranchPicker } from "./branch-picker.tsx";
import { actionRow } from "./message-actions.ts";
import { MessageControlsContext } from "./message-controls.ts";
import { MessageHeader } from "./message-header.tsx";
import { UserBubble } from "./user-bubble.tsx";

export const UserMessage = memo(function UserMessage({ message, ...position }: OneMessageProps) {
  const { Edit, Editable } = useContext(MessageControlsContext);
  const commands = useLiveCommands();
  const headingId = useId();
  // Compared as text: the delivery is made anew at every look.
  const delivery: SendState = JSON.parse(
    useLiveValue(({ live, outgoing }) => JSON.stringify(sendStateOf(message, live, outgoing))),
  );
  const text = textOf(message);

  return (
    <article
      {...position}
      aria-labelledby={headingId}
      data-message={message.id}
      data-author="user"
      className="group/message scroll-mt-4 scroll-mb-40"
    >
      <MessageHeader id={headingId} message={message} author={chatTexts.you} />
      <Editable message={message}>
        <div className="relative flex flex-col items-end">
          {message.parts.length > 1 ? <BesideWords message={message} /> : null}
          {text === "" ? null : <UserBubble text={text} />}
          <BranchPicker messageId={message.id} className="-me-1.5 mt-1.5 flex-row-reverse" />
          {delivery.state === "sent" ? (
            <div className={classNames(actionRow, "absolute end-0 top-full mt-1 opacity-0")}>
              <CopyButton label={deliveryTexts.copy} text={() => text} />
              <Edit messageId={message.id}>
                <IconButton label={deliveryTexts.editMessage} icon={<Pencil />} size="sm" />
              </Edit>
              <RestoreBeforeMessage message={message} />
            </div>
          ) : (
            <DeliveryLine message={message} delivery={delivery} onEdit={() => commands().askToEdit(message.id)} />
          )}
        </div>
      </Editable>
    </article>
  );
});
