import { useNavigate } from "@tanstack/react-router";
import { Button, IconButton } from "@threadbox/ui/button";
import { Power, PowerOff, Settings } from "lucide-react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { PanelActions } from "./panel-actions.tsx";
import { panelTexts } from "./panel-texts.ts";
import { SandboxView } from "./sandbox-view.tsx";
import type { ComputerTabProps } from "./tab-props.ts";
import { useOpenCodeSwitch } from "./use-opencode-switch.ts";
import { useView } from "./use-view.ts";
import { ViewActions } from "./view-actions.tsx";

/** OpenCode's own page, at this thread's session. */
export default function OpenCodeTab({ threadId, isShown }: ComputerTabProps) {
  const name = panelTexts.openCode;
  const { turnedOff, turn } = useOpenCodeSwitch(threadId);
  const navigate = useNavigate();
  const isOnline = useOnline();
  const view = useView(threadId, "opencode", isOnline && turnedOff === null);
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
          <ViewActions name={name} openView={view.openView} onReload={view.reopen} />
          <IconButton
            label={panelTexts.turnOff}
            icon={<PowerOff />}
            size="sm"
            tooltipSide="bottom"
            onClick={() => turn(false)}
          />
        </PanelActions>
      ) : null}
      <SandboxView threadId={threadId} name={name} view={view} />
    </>
  );
}
