import { Button, IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Notice } from "@threadbox/ui/notice";
import { CircleSlash, RotateCw, TriangleAlert } from "lucide-react";
import { memo, useId } from "react";
import { durationText } from "../../lib/duration.ts";
import { errorText } from "../errors/index.ts";
import { CopyButton } from "./copy-button.tsx";
import { useLiveCommands, useLiveValue } from "./live-thread-context.tsx";
import { MessageHeader } from "./message-header.tsx";
import { MessageParts, NewestContext, TurnContext } from "./message-parts.tsx";
import { type ChatMessage, textOf, turnFailure } from "./message-view.ts";
import { TurnStatus } from "./turn-status.tsx";

interface EndProps {
  readonly message: ChatMessage;
  readonly isLast: boolean;
}

/** How the turn ended, where it did not end well. */
function TurnEnd({ message, isLast }: EndProps) {
  const commands = useLiveCommands();
  const canRetry = useLiveValue(({ isBusy, isConnected }) => !isBusy && isConnected);
  const again = (
    <Button size="sm" disabled={!canRetry} onClick={() => commands().regenerate(message.id)}>
      <RotateCw /> Try again
    </Button>
  );
  if (message.metadata?.state === "interrupted" && message.metadata.error === undefined)
    return (
      <div className="mt-3 flex flex-wrap items-center gap-3 text-ink-muted text-sm">
        <span className="flex items-center gap-2">
          <CircleSlash aria-hidden="true" className="size-4" /> Stopped
        </span>
        {isLast ? again : null}
      </div>
    );
  const failure = turnFailure(message.metadata?.error);
  const { text, action } = errorText(failure?.tag ?? "Internal", failure ?? {});
  const goOn = (
    <Button size="sm" disabled={!canRetry} onClick={() => commands().send("Continue.")}>
      Continue
    </Button>
  );
  return (
    <Notice
      tone={failure?.tag === "SandboxInterrupted" ? "warn" : "bad"}
      icon={<TriangleAlert />}
      className="mt-3"
      actions={
        isLast ? (
          <>
            {action === "continue" ? goOn : null}
            {failure === null || failure.isRetryable ? again : null}
          </>
        ) : undefined
      }
    >
      {text}
    </Notice>
  );
}

function Actions({ message, isLast, canAnswerAgain }: EndProps & { readonly canAnswerAgain: boolean }) {
  const commands = useLiveCommands();
  const canRetry = useLiveValue(({ isBusy, isConnected }) => !isBusy && isConnected);
  const { startedAt, endedAt } = message.metadata ?? {};
  const text = textOf(message);
  return (
    <div
      className={classNames(
        "-ms-1.5 flex h-8 items-center gap-0.5 transition-opacity duration-100",
        "focus-within:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100",
        isLast ? "mt-2" : "absolute start-0 top-full opacity-0",
      )}
    >
      {text === "" ? null : <CopyButton label="Copy answer" text={() => text} />}
      {canAnswerAgain ? (
        <IconButton
          label="Answer again"
          icon={<RotateCw />}
          size="sm"
          disabled={!canRetry}
          onClick={() => commands().regenerate(message.id)}
        />
      ) : null}
      {startedAt === undefined || endedAt === undefined ? null : (
        <span className="ms-2 text-ink-muted text-xs tabular">{durationText(endedAt - startedAt)}</span>
      )}
    </div>
  );
}

export const AssistantMessage = memo(function AssistantMessage({ message }: { readonly message: ChatMessage }) {
  const headingId = useId();
  const isWritten = useLiveValue(({ live }) => live?.turn?.messageId === message.id);
  const isLast = useLiveValue(
    ({ messages }) => messages.findLast(({ role }) => role === "assistant")?.id === message.id,
  );
  const isStreamingHere = useLiveValue(({ live, isStreaming }) => live === null && isStreaming) && isLast;
  const isRunning = isWritten || isStreamingHere;
  const state = message.metadata?.state;
  const endedBadly = state === "interrupted" || state === "failed";
  return (
    <article
      aria-labelledby={headingId}
      aria-busy={isRunning}
      data-message={message.id}
      className="group/message relative scroll-mt-4 scroll-mb-40 text-base leading-7"
    >
      <MessageHeader id={headingId} author="Assistant" />
      <TurnContext value={isRunning ? "running" : state === "interrupted" ? "interrupted" : "over"}>
        <NewestContext value={isLast}>
          <div className="flex flex-col gap-2">
            <MessageParts message={message} />
          </div>
        </NewestContext>
      </TurnContext>
      {isRunning ? (
        <TurnStatus className="mt-4" />
      ) : (
        <>
          {endedBadly ? <TurnEnd message={message} isLast={isLast} /> : null}
          <Actions message={message} isLast={isLast} canAnswerAgain={isLast && !endedBadly} />
        </>
      )}
    </article>
  );
});
