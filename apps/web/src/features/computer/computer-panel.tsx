import { IconButton } from "@threadbox/ui/button";
import { ExternalLink, RotateCw, X } from "lucide-react";
import "./computer.css";
import { useOnline } from "../../lib/use-online.ts";
import { OpenCodeView } from "./opencode-view.tsx";
import { panelTexts } from "./panel-texts.ts";
import { usePanelWidth } from "./panel-width.ts";
import { Separator } from "./separator.tsx";
import { useOpenView, useView } from "./use-view.ts";

export interface ComputerPanelProps {
  readonly threadId: string;
  readonly onClose: () => void;
}

/** A person works on the thread's computer here, beside the conversation. */
export default function ComputerPanel({ threadId, onClose }: ComputerPanelProps) {
  const view = useView(threadId, useOnline());
  const openView = useOpenView(threadId);
  const { width, resize } = usePanelWidth();
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
      <Separator width={width} onResize={resize} />
      <aside aria-label={panelTexts.panel} style={{ ["--panel" as string]: `${width}%` }} className="computer-side">
        <div className="flex h-10 shrink-0 items-center gap-2 border-b ps-4 pe-2">
          <h2 className="font-medium text-sm">{panelTexts.openCode}</h2>
          <p className="min-w-0 flex-1 truncate text-compact text-ink-muted">{panelTexts.apart}</p>
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
          <IconButton label={panelTexts.backToChat} icon={<X />} size="sm" tooltipSide="bottom" onClick={onClose} />
        </div>
        <OpenCodeView threadId={threadId} view={view} />
      </aside>
    </>
  );
}
