import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { errorText } from "../../errors/index.ts";
import { turnTexts } from "../texts/conversation.ts";
import { useCanRetry, useLiveCommands } from "../thread/live-thread-context.tsx";
import { type ChatMessage, turnFailure } from "../thread/message-view.ts";

export interface FailedTurnProps {
  readonly message: ChatMessage;
  readonly isLast: boolean;
  readonly copy: ReactNode;
  readonly retry: ReactNode;
}

/** Why a turn failed, and the way on. */
export function FailedTurn({ message, isLast, copy, retry }: FailedTurnProps) {
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
          {copy}
          {isLast && action === "continue" ? goOn : null}
          {isLast && (failure === null || failure.isRetryable) ? retry : null}
        </>
      }
    >
      {text}
    </Notice>
  );
}
