import { Notice } from "@threadbox/ui/notice";
import { LoaderCircle } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLasting } from "../../lib/use-lasting.ts";
import { Composer, type ComposerControls } from "./composer.tsx";
import { getOutbox } from "./device-store.ts";
import { ThreadHeader } from "./thread-header.tsx";
import { ThreadProblem } from "./thread-problem.tsx";
import { TranscriptSkeleton } from "./transcript-skeleton.tsx";
import { useHistory } from "./use-history.ts";
import { useOpenThread } from "./use-open-thread.ts";

// The machinery of a live thread is most of the app's code: the page stands and takes text before it is here.
const loadLiveThreadView = () => import("./live-thread-view.tsx");
const LiveThreadView = lazy(loadLiveThreadView);

/** The thread before its transcript is here. */
function WaitingThread({ threadId }: { readonly threadId: string }) {
  const isSlow = useLasting(navigator.onLine);
  return (
    <>
      <TranscriptSkeleton threadId={threadId} />
      {isSlow ? (
        <div className="mx-auto w-full max-w-(--measure) px-4 sm:px-6">
          <Notice role="status" icon={<LoaderCircle className="animate-turn" />} className="mb-3">
            Reconnecting…
          </Notice>
        </div>
      ) : null}
    </>
  );
}

/** One thread. Its composer is the same from the first moment on: what is sent before the socket is open waits. */
export function ThreadPage({ threadId }: { readonly threadId: string }) {
  const { thread, problem } = useOpenThread(threadId);
  const history = useHistory(threadId);
  const [controls, setControls] = useState<ComposerControls>({});
  useEffect(() => void loadLiveThreadView(), []);
  const failure = problem ?? (history.state.kind === "refused" ? history.state.failure : null);
  if (failure !== null) return <ThreadProblem failure={failure} />;
  const waiting = <WaitingThread threadId={threadId} />;
  const send = (text: string) => getOutbox().add(threadId, { id: crypto.randomUUID(), text, createdAt: Date.now() });
  return (
    <>
      <ThreadHeader threadId={threadId} thread={thread} />
      {history.state.kind === "loaded" ? (
        <Suspense fallback={waiting}>
          <LiveThreadView
            threadId={threadId}
            initial={history.state.messages}
            refetch={history.refetch}
            waiting={waiting}
            onControls={setControls}
          />
        </Suspense>
      ) : (
        waiting
      )}
      <div className="mx-auto w-full max-w-(--measure) px-4 pb-[max(1rem,env(safe-area-inset-bottom))] sm:px-6">
        <Composer place={threadId} onSend={send} {...controls} />
      </div>
    </>
  );
}
