import type { OpenedView } from "@threadbox/contracts/views";
import { IconButton } from "@threadbox/ui/button";
import { ExternalLink, RotateCw } from "lucide-react";
import { panelTexts } from "./panel-texts.ts";

export interface ViewActionsProps {
  /** What the view shows, for people. */
  readonly name: string;
  readonly openView: () => Promise<OpenedView>;
  readonly onReload: () => void;
}

/** What can be done with any view: load it anew, and open it in a window of its own. */
export function ViewActions({ name, openView, onReload }: ViewActionsProps) {
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
      <IconButton
        label={panelTexts.reload(name)}
        icon={<RotateCw />}
        size="sm"
        tooltipSide="bottom"
        onClick={onReload}
      />
      <IconButton
        label={panelTexts.openInWindow(name)}
        icon={<ExternalLink />}
        size="sm"
        tooltipSide="bottom"
        onClick={() => void openInWindow()}
      />
    </>
  );
}
