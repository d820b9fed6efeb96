import { useNavigate } from "@tanstack/react-router";
import { Button, IconButton } from "@threadbox/ui/button";
import { ExternalLink, Power, PowerOff, RotateCw, Settings } from "lucide-react";
import { useOnline } from "../../lib/use-online.ts";
import { OpenCodeView } from "./opencode-view.tsx";
import { PanelActions } from "./panel-actions.tsx";
import { panelTexts } from "./panel-texts.ts";
import { PanelWord } from "./panel-word.tsx";
import type { ComputerTabProps } from "./tab-props.ts";
import { useOpenCodeSwitch } from "./use-opencode-switch.ts";
import { useOpenView, useView } from "./use-view.ts";

/** OpenCode's own page, at this thread's session. */
export default function OpenCodeTab({ threadId, isShown }: ComputerTabProps) {
  const { turnedOff, turn } = useOpenCodeSwitch(threadId);
  const navigate = useNavigate();
  const isOnline = useOnline();
  const view = useView(threadId, isOnline && turnedOff === null);
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
  if (turnedOff === "here" || turnedOff === "everywhere") {
    return (
      <PanelWord icon={<PowerOff />}>
        <p>{panelTexts.off[turnedOff]}</p>
        {turnedOff === "here" ? (
          <Button onClick={() => turn(true)}>
            <Power /> {panelTexts.turnOn}
          </Button>
        ) : (
          <Button onClick={() => void navigate({ to: "/settings" })}>
            <Settings /> {panelTexts.settings}
          </Button>
        )}
      </PanelWord>
    );
  }
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
          <IconButton
            label={panelTexts.turnOff}
            icon={<PowerOff />}
            size="sm"
            tooltipSide="bottom"
            onClick={() => turn(false)}
          />
        </PanelActions>
      ) : null}
      <OpenCodeView threadId={threadId} view={view} />
    </>
  );
}
