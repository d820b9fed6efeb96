import type { ListeningPort } from "@threadbox/contracts/views";
import { Button, IconButton } from "@threadbox/ui/button";
import { ArrowLeft, CircleAlert, Globe, LoaderCircle, Share2, Unplug, WifiOff } from "lucide-react";
import { useState } from "react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { PanelActions } from "./panel-actions.tsx";
import { previewTexts } from "./preview-texts.ts";
import { SandboxView } from "./sandbox-view.tsx";
import { ShareDialog } from "./share-dialog.tsx";
import { SharedLinks } from "./shared-links.tsx";
import type { ComputerTabProps } from "./tab-props.ts";
import { type PortsState, usePorts } from "./use-ports.ts";
import { usePreviewLinks } from "./use-preview-links.ts";
import { useView } from "./use-view.ts";
import { ViewActions } from "./view-actions.tsx";

interface ServerProps extends Omit<ComputerTabProps, "turn" | "file"> {
  readonly port: number;
  readonly isListening: boolean;
  readonly onBack: () => void;
  readonly onShare: () => void;
}

/** What one server inside shows. */
function Server({ threadId, isShown, port, isListening, onBack, onShare }: ServerProps) {
  const target = `port:${port}` as const;
  const view = useView(threadId, target, useOnline() && isListening);
  const name = previewTexts.portName(port);
  return (
    <>
      {isShown ? (
        <PanelActions>
          <IconButton label={previewTexts.back} icon={<ArrowLeft />} size="sm" tooltipSide="bottom" onClick={onBack} />
          <span className="min-w-0 flex-1 truncate text-compact text-ink-muted">{previewTexts.port(port)}</span>
          <IconButton
            label={previewTexts.sharePort(port)}
            icon={<Share2 />}
            size="sm"
            tooltipSide="bottom"
            onClick={onShare}
          />
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

interface PortProps {
  readonly port: ListeningPort;
  readonly onOpen: () => void;
  readonly onShare: () => void;
}

function Port({ port: { port, program }, onOpen, onShare }: PortProps) {
  return (
    <li className="flex items-center gap-3 border-b px-4 py-2.5">
      <Globe className="size-4 shrink-0 text-ink-muted" />
      <span className="min-w-0 flex-1 truncate text-sm">
        {previewTexts.port(port)}
        {program === "" ? null : <span className="text-ink-muted"> · {program}</span>}
      </span>
      <IconButton label={previewTexts.sharePort(port)} icon={<Share2 />} size="sm" onClick={onShare} />
      <Button size="sm" aria-label={previewTexts.openPort(port)} onClick={onOpen}>
        {previewTexts.open}
      </Button>
    </li>
  );
}

interface ServersProps {
  readonly state: PortsState;
  readonly onOpen: (port: number) => void;
  readonly onShare: (port: number) => void;
}

/** Which servers run, or in words why none is shown. */
function Servers({ state, onOpen, onShare }: ServersProps) {
  if (state.kind === "known" && state.value.length > 0)
    return (
      <ul aria-label={previewTexts.list}>
        {state.value.map((port) => (
          <Port key={port.port} port={port} onOpen={() => onOpen(port.port)} onShare={() => onShare(port.port)} />
        ))}
      </ul>
    );
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

/** The web servers that run inside: which there are, one of them in its frame, and to whom they are shown. */
export default function PreviewTab({ threadId, isShown }: ComputerTabProps) {
  const isOnline = useOnline();
  const state = usePorts(threadId, isShown && isOnline);
  const links = usePreviewLinks(threadId, isShown && isOnline);
  const [shown, setShown] = useState<number | null>(null);
  const [shared, setShared] = useState<number | null>(null);
  const dialog = shared === null ? null : <ShareDialog port={shared} links={links} onClose={() => setShared(null)} />;
  if (shown !== null) {
    const isListening = state.kind !== "known" || state.value.some(({ port }) => port === shown);
    const [back, share] = [() => setShown(null), () => setShared(shown)];
    return (
      <>
        <Server {...{ threadId, isShown, isListening }} key={shown} port={shown} onBack={back} onShare={share} />
        {dialog}
      </>
    );
  }
  if (!isOnline && (state.kind !== "known" || state.value.length === 0))
    return <PanelWord icon={<WifiOff />}>{previewTexts.offline}</PanelWord>;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-y-auto">
      <Servers state={state} onOpen={setShown} onShare={setShared} />
      <SharedLinks links={links} />
      {dialog}
    </div>
  );
}
