import { IconButton } from "@threadbox/ui/button";
import { FileDiff } from "lucide-react";
import { showChangesOf } from "../../computer/index.ts";
import { turnTexts } from "../texts/conversation.ts";
import { summaryText } from "../texts/summary.ts";
import { useLiveCommands } from "../thread/live-thread-context.tsx";
import type { ChatMessage } from "../thread/message-view.ts";
import { Took } from "./took.tsx";
import { turnSummary } from "./turn-summary.ts";

export interface TurnStepsProps {
  readonly message: ChatMessage;
  readonly took: string;
}

/** What an answer's tools and tokens came to, how long it took, and the way to what it changed. */
export function TurnSteps({ message, took }: TurnStepsProps) {
  const commands = useLiveCommands();
  const turnId = message.metadata?.turnId;
  const summary = turnSummary(message);
  const text = summaryText(summary);
  return (
    <>
      {turnId === undefined || summary.steps === 0 ? null : (
        <IconButton
          label={turnTexts.showChanges}
          icon={<FileDiff />}
          size="sm"
          onClick={() => showChangesOf(commands().threadId, turnId)}
        />
      )}
      <Took took={took}>{text === "" ? null : `${text} · `}</Took>
    </>
  );
}
