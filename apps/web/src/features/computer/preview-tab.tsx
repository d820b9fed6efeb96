import type { ListeningPort } from "@threadbox/contracts/views";
import { Button, IconButton } from "@threadbox/ui/button";
import { ArrowLeft, CircleAlert, Globe, LoaderCircle, Unplug, WifiOff } from "lucide-react";
import { useState } from "react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { PanelActions } from "./panel-actions.tsx";
import { previewTexts } from "./preview-texts.ts";
import { SandboxView } from "./sandbox-view.tsx";
import type { ComputerTabProps } from "./tab-props.ts";
import { usePorts } from "./use-ports.ts";
import { useView } from "./use-view.ts";
import { ViewActions } from "./view-actions.tsx";

interface ServerProps extends ComputerTabProps {
  readonly port: number;
  readonly isListening: boolean;
  readonly onBack: () => void;
}

/** What one server inside shows. */
function Server({ threadId, isShown, port, isListening, onBack }: ServerProps) {
  const target = `port:${port}` as const;
  const view = useView(threadId, target, useOnline() && isListening);
  const name = previewTexts.portName(port);
  return (
    <>
      {isShown ? (
        <PanelActions>
          <IconButton label={previewTexts.back} icon={<ArrowLeft />} size="sm" tooltipSide="bottom" onClick={onBack} />
          <span className="min-w-0 flex-1 truncate text-compact text-ink-muted">{previewTexts.port(port)}</span>
          <ViewActions name={name} openView={view.openView} onReload={view.reopen} />
        </PanelActions>
      ) : null}
      {isListening ? (
        <SandboxView threadId={threadId} name={name} view={view} />
      ) : (
        <PanelWord icon={<Unplug />}>
          <p role="status">{previewTexts.closed(port)}</p>
          <Button onClick={onBack}>{previewTexts.back}</Button>
        </PanelWord>
      )}
    </>
  );
}

function Port({ port: { port, program }, onOpen }: { readonly port: ListeningPort; readonly onOpen: () => void }) {
  return (
    <li className="flex items-center gap-3 border-b px-4 py-2.5">
      <Globe className="size-4 shrink-0 text-ink-muted" />
      <span className="min-w-0 flex-1 truncate text-sm">
        {previewTexts.port(port)}
        {program === "" ? null : <span className="text-ink-muted"> · {program}</span>}
      </span>
      <Button size="sm" aria-label={previewTexts.openPort(port)} onClick={onOpen}>
        {previewTexts.open}
      </Button>
    </li>
  );
}

/** The web servers that run inside: which there are, and one of them in its frame. */
export default function PreviewTab({ threadId, isShown }: ComputerTabProps) {
  const isOnline = useOnline();
  const state = usePorts(threadId, isShown && isOnline);
  const [shown, setShown] = useState<number | null>(null);
  if (shown !== null) {
    const isListening = state.kind !== "known" || state.ports.some(({ port }) => port === shown);
    const back = () => setShown(null);
    return <Server {...{ threadId, isShown, isListening }} key={shown} port={shown} onBack={back} />;
  }
  if (state.kind === "known" && state.ports.length > 0)
    return (
      <ul aria-label={previewTexts.list} className="relative min-h-0 flex-1 overflow-y-auto">
        {state.ports.map((port) => (
          <Port key={port.port} port={port} onOpen={() => setShown(port.port)} />
        ))}
      </ul>
    );
  if (!isOnline) return <PanelWord icon={<WifiOff />}>{previewTexts.offline}</PanelWord>;
  if (state.kind === "failed")
    return (
      <PanelWord icon={<CircleAlert />}>
        <p role="alert">{previewTexts.failed}</p>
      </PanelWord>
    );
  if (state.kind === "looking")
    return (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{previewTexts.looking}</p>
      </PanelWord>
    );
  return (
    <PanelWord icon={<Globe />}>
      <p>{previewTexts.none}</p>
    </PanelWord>
  );
}
