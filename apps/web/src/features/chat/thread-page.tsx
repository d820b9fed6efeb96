import { useCallback, useState } from "react";
import { useReportLost } from "../../lib/lost-servers.ts";
import { useOnline } from "../../lib/use-online.ts";
import { BesideComputer, ComputerToggle, usePanelOpen } from "../computer/index.ts";
import { Answerer } from "../models/index.tsx";
import { type Attached, getOutbox, useOutgoing } from "../outbox/index.ts";
import { noContact } from "../sandbox/index.ts";
import { useKnownThread } from "../threads/index.ts";
import { Composer, type ComposerControls } from "./composer/composer.tsx";
import { ThreadProblem } from "./later/later-parts.tsx";
import { chatTexts } from "./texts/conversation.ts";
import { useHistory } from "./thread/use-history.ts";
import { ThreadHeader } from "./thread-header.tsx";
import { SettledMessages } from "./transcript/settled-messages.tsx";
import { Transcript } from "./transcript/transcript.tsx";
import { useSettledMessages } from "./transcript/use-settled-messages.ts";
import { useGoingLive } from "./use-going-live.ts";
import { isLiveCodeHere, useLiveCode } from "./use-live-code.ts";
import { useOpenThread } from "./use-open-thread.ts";

export interface ThreadPageProps {
  readonly threadId: string;
  /** The address asks for the panel with the thread's computer. */
  readonly isPanelAskedFor: boolean;
}

/** One thread. Its composer is the same from the first moment on: what is sent before the socket is open waits. */
export function ThreadPage({ threadId, isPanelAskedFor }: ThreadPageProps) {
  const { thread, problem } = useOpenThread(threadId);
  const known = useKnownThread(threadId);
  const isOnline = useOnline();
  const settled = useSettledMessages(threadId);
  const outgoing = useOutgoing(threadId);
  const isGoingLive = useGoingLive(settled !== undefined || outgoing.length > 0 || isLiveCodeHere());
  const LiveThreadView = useLiveCode(isGoingLive);
  const history = useHistory(threadId, isGoingLive);
  const [isLive, setIsLive] = useState(false);
  const [notes, setNotes] = useState<HTMLElement | null>(null);
  const [controls, setControls] = useState<ComposerControls>({});
  const [contact, setContact] = useState(noContact);
  const panel = usePanelOpen(threadId, isPanelAskedFor);
  const onShown = useCallback(() => setIsLive(true), []);
  const failure = problem ?? (history.state.kind === "refused" ? history.state.failure : null);
  useReportLost(!isLive && failure === null);
  if (failure !== null) return <ThreadProblem failure={failure} />;
  const send = (text: string, attached: readonly Attached[]) =>
    getOutbox().add(threadId, { id: crypto.randomUUID(), text, attached, createdAt: Date.now() });
  return (
    <BesideComputer threadId={threadId} isOpen={panel.isOpen} onClose={panel.toggle}>
      <ThreadHeader threadId={threadId} thread={thread ?? known} contact={contact}>
        <ComputerToggle isOpen={panel.isOpen} onToggle={panel.toggle} />
      </ThreadHeader>
      <Transcript isLoading={!isLive && settled === undefined} sentId={outgoing.at(-1)?.id}>
        {isLive ? null : isOnline || settled !== undefined || outgoing.length > 0 ? (
          <SettledMessages threadId={threadId} settled={settled} />
        ) : (
          <p role="status" className="pt-6 text-center text-ink-muted text-sm">
            {chatTexts.notOffline}
          </p>
        )}
        {LiveThreadView !== null && history.state.kind === "loaded" ? (
          <LiveThreadView
            threadId={threadId}
            initial={history.state.messages}
            refetch={history.refetch}
            notes={notes}
            isAlone={isLive}
            onShown={onShown}
            onControls={setControls}
            onContact={setContact}
          />
        ) : null}
      </Transcript>
      <div className="mx-auto w-full max-w-(--measure) px-4 sm:px-6">
        <div ref={setNotes} />
      </div>
      <div className="mx-auto w-full max-w-(--measure) px-4 pb-[max(1rem,env(safe-area-inset-bottom))] sm:px-6">
        <Composer
          place={threadId}
          onSend={send}
          takesFiles={isGoingLive}
          answerer={<Answerer threadId={threadId} isWanted={isGoingLive} />}
          {...controls}
        />
      </div>
    </BesideComputer>
  );
}
