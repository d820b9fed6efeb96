import { IconButton } from "@threadbox/ui/button";
import { Tabs } from "@threadbox/ui/tabs";
import { LoaderCircle, X } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import "./computer.css";
import { PanelWord } from "../../lib/panel-word.tsx";
import { shortcutKeys } from "../shortcuts/index.ts";
import { type ComputerTabId, computerTabs } from "./computer-tabs.ts";
import { PanelActionsPlace } from "./panel-actions.tsx";
import { usePanelTab } from "./panel-tab.ts";
import { panelTexts } from "./panel-texts.ts";
import { usePanelWidth } from "./panel-width.ts";
import { usePanelWish } from "./panel-wish.ts";
import { Separator } from "./separator.tsx";

export interface ComputerPanelProps {
  readonly threadId: string;
  readonly onClose: () => void;
}

/** A person works on the thread's computer here, beside the conversation. */
export default function ComputerPanel({ threadId, onClose }: ComputerPanelProps) {
  const { width, resize } = usePanelWidth();
  const { tab, show } = usePanelTab(threadId);
  const wish = usePanelWish(threadId);
  const turn = wish !== null && "turnId" in wish ? wish : null;
  const file = wish === null || "turnId" in wish ? null : wish;
  useEffect(() => {
    if (wish !== null) show("turnId" in wish ? "changes" : "files");
  }, [wish, show]);
  const [actions, setActions] = useState<HTMLElement | null>(null);
  const body = (id: ComputerTabId) => {
    const { Body } = computerTabs.find((each) => each.id === id) ?? computerTabs[0];
    return <Body threadId={threadId} isShown={id === tab} turn={turn} file={file} />;
  };
  return (
    <>
      <Separator width={width} onResize={resize} />
      <aside aria-label={panelTexts.panel} style={{ ["--panel" as string]: `${width}%` }} className="computer-side">
        <PanelActionsPlace value={actions}>
          <Tabs
            label={panelTexts.tabs}
            tabs={computerTabs}
            shown={tab}
            onShow={show}
            after={
              <>
                <div ref={setActions} className="computer-actions" />
                <IconButton
                  label={panelTexts.backToChat}
                  icon={<X />}
                  size="sm"
                  tooltipSide="bottom"
                  shortcut={shortcutKeys("togglePanel")}
                  onClick={onClose}
                />
              </>
            }
          >
            {(id) => (
              <Suspense
                fallback={
                  <PanelWord icon={<LoaderCircle className="animate-turn" />}>
                    <p role="status">{panelTexts.loading}</p>
                  </PanelWord>
                }
              >
                {body(id)}
              </Suspense>
            )}
          </Tabs>
        </PanelActionsPlace>
      </aside>
    </>
  );
}
