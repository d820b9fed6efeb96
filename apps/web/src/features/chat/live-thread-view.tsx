import "./thread/zod-without-eval.ts";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { showToast } from "@threadbox/ui/toast";
import { CircleAlert } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { useReportLost } from "../../lib/lost-servers.ts";
import { Approvals } from "../approvals/index.ts";
import { errorText } from "../errors/index.ts";
import { noContact, type SandboxContact, SandboxNotice, useSandbox } from "../sandbox/index.ts";
import { useShortcut } from "../shortcuts/index.ts";
import { preloadDiffView } from "../text/index.ts";
import { Announcer } from "./announcer.tsx";
// Here with the live code, so that a version picker is not asked of the network when it is first needed.
import "./message/branch-versions.tsx";
import type { ComposerControls } from "./composer/composer.tsx";
import { UpNext } from "./composer/up-next.tsx";
import { preloadParts } from "./later/later-parts.tsx";
import { liveTexts } from "./texts/live.ts";
import { LiveThreadProvider } from "./thread/live-thread-context.tsx";
import type { ChatMessage } from "./thread/message-view.ts";
import { textOf } from "./thread/message-view.ts";
import type { ThreadConnection } from "./thread/thread-connection.ts";
import { useComposing } from "./thread/use-composing.ts";
import type { History } from "./thread/use-history.ts";
import { type LiveThread, useLiveThread } from "./thread/use-live-thread.ts";
import { useThreadConnection } from "./thread/use-thread-connection.ts";
import { LiveMessages } from "./transcript/live-messages.tsx";

const nothingAsked: readonly [] = [];
const DiskNotice = lazyOrNothing(() => import("./later/disk-notice.tsx"));

function FullDisk({ threadId }: { readonly threadId: string }) {
  if (useSandbox(threadId)?.saves?.isDiskFull !== true) return null;
  return (
    <Suspense>
      <DiskNotice threadId={threadId} />
    </Suspense>
  );
}

/** Says that the server will not have us; a connection that is merely lost is the shell's to tell. */
function RefusalNotice({ connection }: Pick<LiveThread, "connection">) {
  useReportLost(connection?.kind !== "open" && connection?.kind !== "refused");
  if (connection?.kind !== "refused") return null;
  return (
    <Notice
      tone="bad"
      role="alert"
      icon={<CircleAlert />}
      className="mb-3"
      actions={
        <Button size="sm" onClick={() => window.location.reload()}>
          {liveTexts.reload}
        </Button>
      }
    >
      {errorText(connection.failure.tag, connection.failure).text}
    </Notice>
  );
}

export interface LiveThreadViewProps {
  readonly threadId: string;
  readonly initial: ChatMessage[];
  readonly refetch: History["refetch"];
  /** Where notes about the thread stand, below its messages. */
  readonly notes: HTMLElement | null;
  /** Nothing else of the conversation is on the page. */
  readonly isAlone: boolean;
  /** Called when the messages are on the page, before it is painted. */
  readonly onShown: () => void;
  /** Tells the message box what it can do at the moment. */
  readonly onControls: (controls: ComposerControls) => void;
  /** Tells the header how near the sandbox is. */
  readonly onContact: (contact: SandboxContact) => void;
}

/** The conversation on the thread's socket; nothing until the socket is made. */
export default function LiveThreadView(props: LiveThreadViewProps) {
  const connection = useThreadConnection(props.threadId);
  return connection === null ? null : <ConnectedThread {...props} connection={connection} />;
}

function ConnectedThread(props: LiveThreadViewProps & { readonly connection: ThreadConnection }) {
  const { threadId, connection, initial, refetch, notes, isAlone, onShown, onControls, onContact } = props;
  const thread = useLiveThread(threadId, connection, initial, refetch);
  const { messages, isBusy, stop } = thread;

  const editLast = useRef(() => undefined);
  useEffect(() => {
    editLast.current = () => {
      const last = messages.findLast(({ role }) => role === "user");
      if (last !== undefined && !isBusy) thread.askToEdit(last.id);
      return undefined;
    };
  });
  const onWrite = useComposing(connection, isBusy);
  const isRefused = thread.connection?.kind === "refused";
  useEffect(() => {
    const onStop = isBusy ? stop : undefined;
    onControls({ onStop, onWrite, onEditLast: () => editLast.current(), isDisabled: isRefused });
  }, [onControls, isBusy, stop, isRefused, onWrite]);
  useEffect(() => () => onControls({}), [onControls]);
  useEffect(preloadDiffView, []);
  useEffect(preloadParts, []);

  const { isConnected } = thread;
  const turnStartedAt = thread.live?.turn?.startedAt ?? null;
  useEffect(() => onContact({ isConnected, turnStartedAt }), [onContact, isConnected, turnStartedAt]);
  useEffect(() => () => onContact(noContact), [onContact]);

  const stopNow = () => {
    stop();
    return undefined;
  };
  useShortcut("stop", stopNow, isBusy);
  const last = messages.findLast(({ role }) => role === "assistant");
  const copyLast = () => {
    if (last === undefined) return false;
    void navigator.clipboard
      .writeText(textOf(last))
      .then(() => showToast({ title: liveTexts.copied, durationMs: 3_000 }))
      .catch(() => undefined);
    return undefined;
  };
  useShortcut("copyLastAnswer", copyLast, last !== undefined);

  return (
    <LiveThreadProvider value={thread}>
      <LiveMessages isAlone={isAlone} onShown={onShown} />
      {notes === null
        ? null
        : createPortal(
            <>
              <Announcer />
              <RefusalNotice connection={thread.connection} />
              <SandboxNotice threadId={threadId} />
              <FullDisk threadId={threadId} />
              <Approvals threadId={threadId} pending={thread.live?.approvals ?? nothingAsked} />
              <UpNext />
            </>,
            notes,
          )}
    </LiveThreadProvider>
  );
}
