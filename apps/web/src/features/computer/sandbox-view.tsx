import { viewEndedMessage } from "@threadbox/contracts/views";
import { Button } from "@threadbox/ui/button";
import { CircleAlert, LoaderCircle, RotateCw, WifiOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { errorText } from "../errors/index.ts";
import { startSentence, useSandbox } from "../sandbox/index.ts";
import { keepsViewCookie } from "./keeps-view-cookie.ts";
import { panelTexts } from "./panel-texts.ts";
import type { useView } from "./use-view.ts";
import { ViewRenewal } from "./view-renewal.tsx";
import { reopensByItself, stageOf } from "./view-stage.ts";

/** What a frame of a sandbox may do: run, keep things of its own, be filled in. It opens no windows and leads nowhere else. */
const permitted = "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals";

export interface SandboxViewProps {
  readonly threadId: string;
  /** What it shows, for people. */
  readonly name: string;
  readonly view: ReturnType<typeof useView>;
}

/** What a sandbox serves in its frame, or in words why it is not there. */
export function SandboxView({ threadId, name, view: { state, openView, show, reopen, end } }: SandboxViewProps) {
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId) ?? null;
  const frame = useRef<HTMLIFrameElement>(null);
  const origin = state.kind === "open" ? new URL(state.url).origin : null;
  const stage = stageOf(state, sandbox, isOnline);
  const reopens = reopensByItself(state, sandbox);

  useEffect(() => {
    if (origin === null) return;
    const hear = (event: MessageEvent<unknown>) => {
      if (event.origin !== origin || event.source !== frame.current?.contentWindow) return;
      if (Reflect.get(Object(event.data), "type") === viewEndedMessage) end();
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [origin, end]);

  useEffect(() => {
    if (reopens) reopen();
  }, [reopens, reopen]);

  if (stage === "offline") return <PanelWord icon={<WifiOff />}>{panelTexts.offline(name)}</PanelWord>;
  if (stage === "failed" && state.kind === "failed") {
    return (
      <PanelWord icon={<CircleAlert />}>
        <p role="alert">
          {panelTexts.failed(name)} {errorText(state.failure.tag, state.failure).text}
        </p>
        <Button onClick={reopen}>
          <RotateCw /> {panelTexts.retry}
        </Button>
      </PanelWord>
    );
  }
  if (stage === "ended" || stage === "gone") {
    const detail = keepsViewCookie(location.protocol, navigator.userAgent)
      ? panelTexts.endedDetail
      : panelTexts.noCookie;
    return (
      <PanelWord icon={<CircleAlert />}>
        <p role="alert">
          {panelTexts.ended(name)} {stage === "gone" ? sandbox?.reason : detail}
        </p>
        <Button onClick={reopen}>
          <RotateCw /> {panelTexts.openAgain}
        </Button>
      </PanelWord>
    );
  }
  if (stage === "opening" || state.kind !== "open") {
    return (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{sandbox?.status === "starting" ? startSentence(sandbox) : panelTexts.opening(name)}</p>
      </PanelWord>
    );
  }
  return (
    <>
      <iframe
        ref={frame}
        key={state.url}
        src={state.url}
        title={panelTexts.frame(name)}
        sandbox={permitted}
        allow=""
        referrerPolicy="no-referrer"
        className="computer-frame"
      />
      <ViewRenewal shown={state} openView={openView} replace={show} />
    </>
  );
}
