import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { visibleText } from "../../text/index.ts";
import { terminalTexts } from "./terminal-texts.ts";

export interface LinkQuestionProps {
  readonly href: string | null;
  readonly onDone: () => void;
}

/** Whether to follow a link that a program printed: its words may lie, its address does not. */
export function LinkQuestion({ href, onDone }: LinkQuestionProps) {
  return (
    <Dialog
      isOpen={href !== null}
      onOpenChange={onDone}
      title={terminalTexts.linkTitle}
      description={terminalTexts.linkDetail}
      actions={
        <>
          <Button onClick={onDone}>{terminalTexts.cancel}</Button>
          <Button
            tone="accent"
            onClick={() => {
              if (href !== null) window.open(href, "_blank", "noopener,noreferrer");
              onDone();
            }}
          >
            {terminalTexts.linkOpen}
          </Button>
        </>
      }
    >
      <p className="relative max-h-40 overflow-y-auto break-all font-mono text-compact">{visibleText(href ?? "")}</p>
    </Dialog>
  );
}
