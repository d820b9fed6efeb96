import type { OpenedView } from "@threadbox/contracts/views";
import { IconButton } from "@threadbox/ui/button";
import { ExternalLink } from "lucide-react";
import { panelTexts } from "./panel-texts.ts";

export interface OpenInWindowProps {
  readonly name: string;
  readonly openView: () => Promise<OpenedView>;
}

/** The same view in a window of its own. */
export function OpenInWindow({ name, openView }: OpenInWindowProps) {
  const open = async () => {
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
    <IconButton
      label={panelTexts.openInWindow(name)}
      icon={<ExternalLink />}
      size="sm"
      tooltipSide="bottom"
      onClick={() => void open()}
    />
  );
}
