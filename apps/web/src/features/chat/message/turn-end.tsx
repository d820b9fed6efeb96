import { Button, IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { CircleSlash, RotateCw } from "lucide-react";
import { useContext } from "react";
import { durationText } from "../../../lib/duration.ts";
import { CopyButton } from "../../text/index.ts";
import { FailedTurn, OffshootFromAnswer, TurnSteps } from "../later/later-parts.tsx";
import { turnTexts } from "../texts/conversation.ts";
import { type ChatMessage, textOf } from "../thread/message-view.ts";
import { Took } from "../turn/took.tsx";
import { actionRow } from "./message-actions.ts";
import { MessageControlsContext } from "./message-controls.ts";

export interface TurnEndProps {
  readonly message: ChatMessage;
  /** It is the thread's newest answer. */
  readonly isLast: boolean;
}

function Retry({ message }: Pick<TurnEndProps, "message">) {
  const { Retry: Control } = useContext(MessageControlsContext);
  return (
    <Control messageId={message.id}>
      <Button size="sm">
        <RotateCw /> {turnTexts.retry}
      </Button>
    </Control>
  );
}

function CopyAnswer({ message }: Pick<TurnEndProps, "message">) {
  const text = textOf(message);
  return text === "" ? null : <CopyButton label={turnTexts.copy} text={() => text} />;
}

/** How long the turn took, or null where nobody knows. */
const tookText = ({ metadata: { startedAt, endedAt } = {} }: ChatMessage): string | null =>
  startedAt === undefined || endedAt === undefined ? null : durationText(endedAt - startedAt);

const isToolPart = (part: object): boolean => "toolCallId" in part;

function Stopped({ message, isLast }: TurnEndProps) {
  const took = tookText(message);
  return (
    <div className="mt-3 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2 text-ink-muted text-sm tabular leading-5">
      <span className="flex items-center gap-2">
        <CircleSlash aria-hidden="true" className="size-4" />{" "}
        {took === null ? turnTexts.stopped : turnTexts.stoppedAfter(took)}
      </span>
      {isLast ? <Retry message={message} /> : null}
      <CopyAnswer message={message} />
    </div>
  );
}

function Failed(props: TurnEndProps) {
  const { message } = props;
  return <FailedTurn {...props} copy={<CopyAnswer message={message} />} retry={<Retry message={message} />} />;
}

function Answered({ message, isLast }: TurnEndProps) {
  const { Retry: Control } = useContext(MessageControlsContext);
  const took = tookText(message);
  return (
    <div className={classNames(actionRow, "-ms-1.5", isLast ? "mt-2" : "absolute start-0 top-full mt-1 opacity-0")}>
      <CopyAnswer message={message} />
      <Control messageId={message.id}>
        <IconButton label={turnTexts.retry} icon={<RotateCw />} size="sm" />
      </Control>
      <OffshootFromAnswer message={message} />
      {took === null ? null : message.metadata?.tokens || message.parts.some(isToolPart) ? (
        <TurnSteps message={message} took={took} />
      ) : (
        <Took took={took} />
      )}
    </div>
  );
}

/** How the turn of an answer ended, said once, and what can be done with the answer now. */
export function TurnEnd(props: TurnEndProps) {
  const { state, error } = props.message.metadata ?? {};
  if (state === "interrupted" && error === undefined) return <Stopped {...props} />;
  if (state === "interrupted" || state === "failed") return <Failed {...props} />;
  return <Answered {...props} />;
}
