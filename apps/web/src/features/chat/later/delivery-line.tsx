import { Button } from "@threadbox/ui/button";
import { Clock, LoaderCircle, Pencil } from "lucide-react";
import { useOnline } from "../../../lib/use-online.ts";
import { awaitsFiles, UploadLine } from "../../attachments/index.ts";
import { deliveryTexts } from "../texts/conversation.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import type { ChatMessage, SendState } from "../thread/message-view.ts";
import { FailedDelivery } from "./failed-delivery.tsx";

export interface DeliveryLineProps {
  readonly message: ChatMessage;
  readonly delivery: SendState;
  readonly onEdit: () => void;
}

const lineClass =
  "mt-1.5 flex min-h-7 flex-wrap items-center justify-end gap-2 text-ink-muted text-xs [&_svg]:size-3.5";

/** How a message of the user's stands on its way. */
export function DeliveryLine({ message, delivery, onEdit }: DeliveryLineProps) {
  const isOnline = useOnline();
  const commands = useLiveCommands();
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
          <Clock aria-hidden="true" />
          {!isOnline ? (
            deliveryTexts.waiting
          ) : awaitsFiles(message.parts) ? (
            <UploadLine parts={message.parts} />
          ) : (
            deliveryTexts.sending
          )}
        </div>
      );
    case "queued":
      return (
        <div className={lineClass}>
          <Clock aria-hidden="true" /> {deliveryTexts.queued}
          <Button tone="quiet" size="sm" disabled={!isConnected} onClick={() => commands().unqueue(message)}>
            <Pencil /> {deliveryTexts.edit}
          </Button>
        </div>
      );
    case "failed":
      return (
        <div className={lineClass} role="alert">
          <FailedDelivery id={message.id} failure={delivery.failure} onEdit={onEdit} />
        </div>
      );
  }
}
