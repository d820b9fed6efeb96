import "./zod-without-eval.ts";
import { AssistantRuntimeProvider } from "@assistant-ui/react";
import { useAISDKRuntime } from "@assistant-ui/react-ai-sdk";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, LoaderCircle } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useLasting } from "../../lib/use-lasting.ts";
import { useOnline } from "../../lib/use-online.ts";
import { errorText } from "../errors/index.ts";
import { SandboxNotice } from "../sandbox/index.ts";
import { useShortcut } from "../shortcuts/index.ts";
import { Announcer } from "./announcer.tsx";
import type { ComposerControls } from "./composer.tsx";
import { LiveThreadProvider } from "./live-thread-context.tsx";
import type { ChatMessage } from "./message-view.ts";
import { textOf } from "./message-view.ts";
import type { ThreadConnection } from "./thread-connection.ts";
import { Transcript } from "./transcript.tsx";
import type { History } from "./use-history.ts";
import { type LiveThread, useLiveThread } from "./use-live-thread.ts";
import { useThreadConnection } from "./use-thread-connection.ts";

function ConnectionLine({ thread }: { readonly thread: LiveThread }) {
  const { connection } = thread;
  const isOnline = useOnline();
  const isReconnecting = useLasting(connection?.kind !== "open" && isOnline);
  if (connection?.kind === "refused") {
    const { text } = errorText(connection.failure.tag, connection.failure);
    return (
      <Notice
        tone="bad"
        role="alert"
        icon={<CircleAlert />}
        className="mb-3"
        actions={
          <Button size="sm" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      >
        {text}
      </Notice>
    );
  }
  if (!isReconnecting) return null;
  return (
    <Notice role="status" icon={<LoaderCircle className="animate-turn" />} className="mb-3">
      Reconnecting…
    </Notice>
  );
}

export interface LiveThreadViewProps {
  readonly threadId: string;
  readonly initial: ChatMessage[];
  readonly refetch: History["refetch"];
  /** Stands in until the socket is made. */
  readonly waiting: ReactNode;
  /** Tells the message box what it can do at the moment. */
  readonly onControls: (controls: ComposerControls) => void;
}

/** The conversation on the thread's socket. */
export default function LiveThreadView({ waiting, ...props }: LiveThreadViewProps) {
  const connection = useThreadConnection(props.threadId);
  return connection === null ? waiting : <ConnectedThread {...props} connection={connection} />;
}

interface ConnectedThreadProps extends Omit<LiveThreadViewProps, "waiting"> {
  readonly connection: ThreadConnection;
}

function ConnectedThread({ threadId, connection, initial, refetch, onControls }: ConnectedThreadProps) {
  const thread = useLiveThread(threadId, connection, initial, refetch);
  const { chat, messages, isBusy, stop } = thread;
  // What runs is read from the thread's own state; to assistant-ui the transcript is at rest, so it adds nothing to it.
  const runtime = useAISDKRuntime(
    useMemo(() => ({ ...chat, messages: [...messages], status: "ready" as const }), [chat, messages]),
    { joinStrategy: "none" },
  );

  const editLast = useRef(() => undefined);
  useEffect(() => {
    editLast.current = () => {
      const last = messages.findLast(({ role }) => role === "user");
      if (last !== undefined && !isBusy) thread.askToEdit(last.id);
      return undefined;
    };
  });
  const isRefused = thread.connection?.kind === "refused";
  useEffect(() => {
    onControls({ onStop: isBusy ? stop : undefined, onEditLast: () => editLast.current(), isDisabled: isRefused });
  }, [onControls, isBusy, stop, isRefused]);
  useEffect(() => () => onControls({}), [onControls]);

  useShortcut("stop", () => {
    if (!isBusy) return false;
    stop();
    return undefined;
  });
  useShortcut("copyLastAnswer", () => {
    const last = messages.findLast(({ role }) => role === "assistant");
    if (last === undefined) return false;
    void navigator.clipboard.writeText(textOf(last));
    return undefined;
  });

  return (
    <LiveThreadProvider value={thread}>
      <AssistantRuntimeProvider runtime={runtime}>
        <Transcript />
        <Announcer />
        <div className="mx-auto w-full max-w-(--measure) px-4 sm:px-6">
          <ConnectionLine thread={thread} />
          <SandboxNotice threadId={threadId} />
        </div>
      </AssistantRuntimeProvider>
    </LiveThreadProvider>
  );
}
