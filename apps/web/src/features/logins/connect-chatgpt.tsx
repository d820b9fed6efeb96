import { Button } from "@threadbox/ui/button";
import { Power, PowerOff } from "lucide-react";
import { useState } from "react";
import { useThreadCommands, useThreadList } from "../threads/index.ts";
import { ConnectCard } from "./connect-card.tsx";
import { failureText } from "./failure-text.ts";
import { loginTexts as texts } from "./texts.ts";
import { useLogins } from "./use-logins.ts";

/** The user's ChatGPT plan: connect, see, disconnect. OpenCode asks for the code in the newest thread, or in a new one. */
export default function ConnectChatGpt() {
  const { known, failure, act, isOnline } = useLogins();
  const { threads } = useThreadList(false);
  const { create } = useThreadCommands();
  const [isAsking, setIsAsking] = useState(false);
  const connect = async () => {
    setIsAsking(true);
    await act(async (api) => api.connect(threads?.[0]?.threadId ?? (await create())));
    setIsAsking(false);
  };
  const isEverywhere = known?.list.isForNewThreads === true;
  return (
    <>
      <div className="px-4 py-4">
        {known === null ? (
          <p role="status" className="text-ink-muted text-sm">
            {isOnline ? texts.loading : texts.offline}
          </p>
        ) : (
          <ConnectCard known={known} act={act} onConnect={() => void connect()} isAsking={isAsking} />
        )}
        {known !== null && !isOnline ? <p className="mt-2 text-ink-muted text-compact">{texts.offline}</p> : null}
        {failure === null || !isOnline ? null : (
          <p role="alert" className="mt-2 text-bad text-compact">
            {failureText(failure)}
          </p>
        )}
      </div>
      {known !== null && known.list.logins.length > 0 ? (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-4">
          <div className="min-w-0 flex-1 basis-52">
            <div className="font-medium">{texts.newThreads}</div>
            <div className="mt-0.5 text-compact text-ink-muted">{texts.newThreadsHint}</div>
          </div>
          <Button aria-pressed={isEverywhere} onClick={() => void act((api) => api.allowNewThreads(!isEverywhere))}>
            {isEverywhere ? <Power /> : <PowerOff />}
            {isEverywhere ? texts.on : texts.off}
          </Button>
        </div>
      ) : null}
      <details className="px-4 py-3 text-ink-muted text-sm">
        <summary className="cursor-pointer">{texts.shared}</summary>
        <p className="mt-2">{texts.sharedText}</p>
      </details>
    </>
  );
}
