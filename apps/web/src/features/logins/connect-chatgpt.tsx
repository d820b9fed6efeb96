import { type LoginView, revokeAtOpenAiUrl } from "@threadbox/contracts/logins";
import { OnOffButton } from "@threadbox/ui/on-off-button";
import { useState } from "react";
import { ConnectCard } from "./connect-card.tsx";
import { connectViewOf } from "./connect-view.ts";
import { DisconnectDialog } from "./disconnect-dialog.tsx";
import { LoginRow } from "./login-row.tsx";
import { LoginsLoading } from "./logins-loading.tsx";
import { OutageLine } from "./outage-line.tsx";
import { SharedNote } from "./shared-note.tsx";
import { loginTexts as texts } from "./texts.ts";
import { useConnecting } from "./use-connecting.ts";
import { type KnownLogins, type UseLogins, useLogins } from "./use-logins.ts";

interface LoginsProps extends Pick<UseLogins, "act" | "isOnline" | "refusal"> {
  readonly known: KnownLogins;
}

function Logins({ known: { list, ahead }, act, isOnline, refusal }: LoginsProps) {
  const connecting = useConnecting(act, null);
  const [leaving, setLeaving] = useState<LoginView | null>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const [goneName, setGoneName] = useState<string | null>(null);
  const { logins, flow, isForNewThreads } = list;
  // A login that a flow has led to stands in the list.
  const oldFlowId = flow?.state === "connected" ? flow.id : null;
  const view = connectViewOf(list, { loginId: null, oldFlowId });
  const againId = view.kind === "flow" ? view.flow.loginId : null;
  const isAgain = logins.some(({ id }) => id === againId);
  const card = (
    <ConnectCard
      view={view}
      ahead={ahead}
      connecting={connecting}
      isOnline={isOnline}
      onCancel={({ id }) => void act((api) => api.cancel(id))}
    />
  );
  return (
    <>
      {logins.length === 0 ? null : (
        <ul aria-label={texts.logins} className="divide-y">
          {logins.map((login) => (
            <LoginRow
              key={login.id}
              login={login}
              ahead={ahead}
              isOneOfMany={logins.length > 1}
              connecting={connecting}
              onDisconnect={() => {
                setLeaving(login);
                setIsLeaving(true);
              }}
              card={login.id === againId ? card : null}
              act={act}
              isOnline={isOnline}
            />
          ))}
        </ul>
      )}
      {isAgain ? null : (
        <div className="px-4 py-4">
          {goneName !== null && logins.length > 0 ? (
            <p role="status" className="mb-3 text-sm">
              {texts.disconnected(goneName)}{" "}
              <a className="underline" href={revokeAtOpenAiUrl} target="_blank" rel="noopener noreferrer">
                {texts.revoke}
              </a>
            </p>
          ) : null}
          {card}
        </div>
      )}
      {logins.length > 0 ? (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-4">
          <div className="min-w-0 flex-1 basis-52">
            <div className="font-medium">{texts.newThreads}</div>
            <div className="mt-0.5 text-compact text-ink-muted">{texts.newThreadsHint}</div>
          </div>
          <OnOffButton
            isOn={isForNewThreads}
            disabled={!isOnline}
            onClick={() => void act((api) => api.allowNewThreads(!isForNewThreads))}
          />
        </div>
      ) : null}
      {leaving === null ? null : (
        <DisconnectDialog
          key={leaving.id}
          login={leaving}
          isOpen={isLeaving}
          onClose={(isGone) => {
            setIsLeaving(false);
            if (isGone) setGoneName(leaving.name);
          }}
          act={act}
          refusal={refusal}
        />
      )}
    </>
  );
}

/** The user's ChatGPT plans: connect, name, choose, disconnect. OpenCode asks for a code in the newest thread, or in a new one. */
export default function ConnectChatGpt() {
  const { known, outage, refusal, act, isOnline } = useLogins();
  const hasLine = !isOnline || outage !== null || refusal !== null;
  return (
    <>
      {known === null ? null : <Logins known={known} act={act} isOnline={isOnline} refusal={refusal} />}
      {known === null && !hasLine ? (
        <div className="px-4 py-4">
          <LoginsLoading />
        </div>
      ) : null}
      {hasLine ? (
        <div className="px-4 py-3">
          <OutageLine isOnline={isOnline} outage={outage} refusal={refusal} />
        </div>
      ) : null}
      <div className="px-4 py-3">
        <SharedNote />
      </div>
    </>
  );
}
