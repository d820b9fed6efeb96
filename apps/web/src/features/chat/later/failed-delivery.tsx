import { Button, IconButton } from "@threadbox/ui/button";
import { Pencil, RotateCw, Trash2, TriangleAlert } from "lucide-react";
import { errorText } from "../../errors/index.ts";
import { deliveryTexts } from "../texts/conversation.ts";
import { useLiveCommands } from "../thread/live-thread-context.tsx";
import type { SendState } from "../thread/message-view.ts";

export interface FailedDeliveryProps {
  readonly id: string;
  readonly failure: Extract<SendState, { readonly state: "failed" }>["failure"];
  readonly onEdit: () => void;
}

/** Why a message was not sent, and what can be done with it. */
export function FailedDelivery({ id, failure, onEdit }: FailedDeliveryProps) {
  const commands = useLiveCommands();
  return (
    <>
      <TriangleAlert aria-hidden="true" className="text-bad" />
      <span className="text-bad">{deliveryTexts.notSent}</span>
      {failure.message || errorText(failure.tag).text}
      <Button size="sm" onClick={() => commands().retryOutgoing(id)}>
        <RotateCw /> {deliveryTexts.retry}
      </Button>
      <IconButton label={deliveryTexts.edit} icon={<Pencil />} size="sm" onClick={onEdit} />
      <IconButton
        label={deliveryTexts.delete}
        icon={<Trash2 />}
        size="sm"
        onClick={() => commands().dropOutgoing(id)}
      />
    </>
  );
}
