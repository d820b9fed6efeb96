import { IconButton } from "@threadbox/ui/button";
import { ExternalLink, RotateCw } from "lucide-react";
import { useOnline } from "../../lib/use-online.ts";
import { OpenCodeView } from "./opencode-view.tsx";
import { PanelActions } from "./panel-actions.tsx";
import { panelTexts } from "./panel-texts.ts";
import type { ComputerTabProps } from "./tab-props.ts";
import { useOpenView, useView } from "./use-view.ts";

/** OpenCode's own page, at this thread's session. */
export default function OpenCodeTab({ threadId, isShown }: ComputerTabProps) {
  const view = useView(threadId, useOnline());
  const openView = useOpenView(threadId);
  const openInWindow = async () => {
    // The window is there before its address: one that opens after a wait counts as unasked for.
    const opened = window.open("about:blank", "_blank");
    if (opened === null) return;
    opened.opener = null;
    try {
      opened.location.replace((await openView()).url);
    } catch {
      opened.close();
    }
  };
  return (
    <>
      {isShown ? (
        <PanelActions>
          <IconButton
            label={panelTexts.reload}
            icon={<RotateCw />}
            size="sm"
            tooltipSide="bottom"
            onClick={view.reopen}
          />
          <IconButton
            label={panelTexts.openInWindow}
            icon={<ExternalLink />}
            size="sm"
            tooltipSide="bottom"
            onClick={() => void openInWindow()}
          />
        </PanelActions>
      ) : null}
      <OpenCodeView threadId={threadId} view={view} />
    </>
  );
}
