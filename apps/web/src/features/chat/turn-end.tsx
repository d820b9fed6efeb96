import { Button, IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Notice } from "@threadbox/ui/notice";
import { CircleSlash, RotateCw, TriangleAlert } from "lucide-react";
import { durationText } from "../../lib/duration.ts";
import { errorText } from "../errors/index.ts";
import { CopyButton } from "../text/index.ts";
import { useLiveCommands, useLiveValue } from "./live-thread-context.tsx";
import { actionRow } from "./message-actions.ts";
import { type ChatMessage, textOf, turnFailure } from "./message-view.ts";
import { turnTexts } from "./texts.ts";
import { turnSummary } from "./turn-summary.ts";

export interface TurnEndProps {
  readonly message: ChatMessage;
  /** It is the thread's newest answer. */
  readonly isLast: boolean;
}

const useCanRetry = () => useLiveValue(({ isBusy, isConnected }) => !isBusy && isConnected);

function Retry({ message }: Pick<TurnEndProps, "message">) {
  const commands = useLiveCommands();
  return (
    <Button size="sm" disabled={!useCanRetry()} onClick={() => commands().regenerate(message.id)}>
      <RotateCw /> {turnTexts.retry}
    </Button>
  );
}

function CopyAnswer({ message }: Pick<TurnEndProps, "message">) {
  const text = textOf(message);
  return text === "" ? null : <CopyButton label={turnTexts.copy} text={() => text} />;
}

/** How long the turn took, or null where nobody knows. */
const tookText = ({ metadata: { startedAt, endedAt } = {} }: ChatMessage): string | null =>
  startedAt === undefined || endedAt === undefined ? null : durationText(endedAt - startedAt);

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

function Failed({ message, isLast }: TurnEndProps) {
  const commands = useLiveCommands();
  const canRetry = useCanRetry();
  const failure = turnFailure(message.metadata?.error);
  const { text, action } = errorText(failure?.tag ?? "Internal", failure ?? {});
  const goOn = (
    <Button size="sm" disabled={!canRetry} onClick={() => commands().send("Continue.")}>
      {turnTexts.continue}
    </Button>
  );
  return (
    <Notice
      tone={failure?.tag === "SandboxInterrupted" ? "warn" : "bad"}
      icon={<TriangleAlert />}
      className="mt-3"
      actions={
        <>
          <CopyAnswer message={message} />
          {isLast && action === "continue" ? goOn : null}
          {isLast && (failure === null || failure.isRetryable) ? <Retry message={message} /> : null}
        </>
      }
    >
      {text}
    </Notice>
  );
}

function Answered({ message, isLast }: TurnEndProps) {
  const commands = useLiveCommands();
  const canRetry = useCanRetry();
  const took = tookText(message);
  const summary = turnTexts.summary(turnSummary(message));
  return (
    <div className={classNames(actionRow, "-ms-1.5", isLast ? "mt-2" : "absolute start-0 top-full mt-1 opacity-0")}>
      <CopyAnswer message={message} />
      <IconButton
        label={turnTexts.retry}
        icon={<RotateCw />}
        size="sm"
        disabled={!canRetry}
        onClick={() => commands().regenerate(message.id)}
      />
      {took === null ? null : (
        <span className="ms-2 text-ink-muted text-xs tabular">
          {summary === "" ? null : `${summary} · `}
          <span className="sr-only">{turnTexts.took}</span>
          <bdi>{took}</bdi>
        </span>
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
