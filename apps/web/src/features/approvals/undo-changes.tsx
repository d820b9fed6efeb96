import { Button } from "@threadbox/ui/button";
import { useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { failureText } from "./failure-text.ts";
import { approvalTexts as texts } from "./texts.ts";

export interface UndoChangesProps {
  readonly threadId: string;
  readonly approvalId: string;
}

/** Puts the files that a program has changed back as they were before, where nobody has changed them since. */
export function UndoChanges({ threadId, approvalId }: UndoChangesProps) {
  const client = useApprovalsClient(threadId);
  const isOnline = useOnline();
  const [state, setState] = useState<"open" | "asking" | "done">("open");
  const [words, setWords] = useState<string | null>(null);
  const undo = async () => {
    setState("asking");
    setWords(null);
    try {
      const answer = await client.undo(approvalId);
      setState(answer.state === "undone" ? "done" : "open");
      setWords(answer.words);
    } catch (error) {
      setState("open");
      setWords(failureText(error));
    }
  };
  if (state === "done")
    return (
      <p role="status" className="mt-1.5 text-compact text-ink-muted">
        {texts.undone}
      </p>
    );
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-2 text-compact">
      <Button size="sm" disabled={state === "asking" || !isOnline} onClick={() => void undo()}>
        {texts.undo}
      </Button>
      {words === null ? null : (
        <p role="alert" className="min-w-0 flex-1 basis-48 text-bad">
          {words}
        </p>
      )}
    </div>
  );
}
