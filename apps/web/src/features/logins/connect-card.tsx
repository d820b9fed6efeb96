import {
  connectStateOf,
  isFlowOpen,
  type LoginFlow,
  revokeAtOpenAiUrl,
  verificationHosts,
} from "@threadbox/contracts/logins";
import { Button } from "@threadbox/ui/button";
import { LoaderCircle } from "lucide-react";
import { ConnectedLogin } from "./connected-login.tsx";
import { CopyCode } from "./copy-code.tsx";
import { DeviceCode } from "./device-code.tsx";
import { loginTexts as texts } from "./texts.ts";
import type { KnownLogins, useLogins } from "./use-logins.ts";

interface ConnectCardProps {
  readonly known: KnownLogins;
  readonly act: ReturnType<typeof useLogins>["act"];
  /** Asks for a code; whoever holds the card knows in which thread. */
  readonly onConnect: () => void;
  /** Asked for one, and nothing heard yet. */
  readonly isAsking: boolean;
}

/** The address of OpenAI's page; null where the worker's answer leads anywhere else. */
const verificationPage = ({ verificationUri }: LoginFlow): URL | null => {
  const url = verificationUri === null ? null : URL.parse(verificationUri);
  return url?.protocol === "https:" && verificationHosts.includes(url.host) ? url : null;
};

/** Connect ChatGPT in whatever state the server says it is. The card decides nothing itself: every tab shows the same. */
export function ConnectCard({ known: { list, ahead }, act, onConnect, isAsking }: ConnectCardProps) {
  const state = connectStateOf(list);
  const { flow } = list;
  const login = list.logins.find(({ isDefault }) => isDefault);
  const isOpen = flow !== null && isFlowOpen(flow);
  const page = isOpen ? verificationPage(flow) : null;
  const action = state in texts.actions ? texts.actions[state as keyof typeof texts.actions] : null;
  const reference = state === "failed" ? flow?.reference : null;
  return (
    <>
      {isOpen && page !== null && flow.userCode !== null ? (
        <DeviceCode code={flow.userCode} page={page} expiresAt={flow.expiresAt ?? 0} ahead={ahead} />
      ) : null}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {state === "connected" && login !== undefined ? (
          <ConnectedLogin login={login} />
        ) : (
          <p role="status" className="min-w-0 flex-1 basis-52 text-ink-muted text-sm">
            {texts.states[state]} {reference ? texts.reference(reference) : null}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          {isOpen && page !== null && flow.userCode !== null ? <CopyCode code={flow.userCode} page={page} /> : null}
          {action === null || isOpen ? null : (
            <Button tone="accent" disabled={isAsking} onClick={onConnect}>
              {action}
              {isAsking ? <LoaderCircle className="animate-turn" /> : null}
            </Button>
          )}
          {isOpen ? <Button onClick={() => void act((api) => api.cancel(flow.id))}>{texts.cancel}</Button> : null}
          {login === undefined || isOpen ? null : (
            <Button onClick={() => void act((api) => api.disconnect(login.id))}>{texts.disconnect}</Button>
          )}
        </div>
      </div>
      {state === "disconnected" ? (
        <a
          className="mt-2 inline-block text-sm underline"
          href={revokeAtOpenAiUrl}
          target="_blank"
          rel="noopener noreferrer"
        >
          {texts.revoke}
        </a>
      ) : null}
    </>
  );
}
