import { isFlowOpen, type LoginFlow, type LoginId, revokeAtOpenAiUrl } from "@threadbox/contracts/logins";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import type { ReactNode } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { useNow } from "../../lib/use-now.ts";
import { cardLooks } from "./card-looks.tsx";
import type { ConnectView } from "./connect-view.ts";
import { CopyCode } from "./copy-code.tsx";
import { DeviceCode } from "./device-code.tsx";
import { loginTexts as texts } from "./texts.ts";
import type { Connecting } from "./use-connecting.ts";
import { verificationPage } from "./verification-page.ts";
import "./logins.css";

/** A sandbox that has to start takes longer than this, in milliseconds. */
const patienceMs = 8_000;

interface ConnectCardProps {
  readonly view: ConnectView;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
  readonly connecting: Connecting;
  readonly isOnline: boolean;
  /** Ends an open flow, or dismisses one that has ended. */
  readonly onCancel: (flow: LoginFlow) => void;
  /** Stands among the buttons of what is done. */
  readonly afterwards?: ReactNode;
}

function Requesting({ startedAt, ahead }: { readonly startedAt: number; readonly ahead: number }) {
  const isLong = useNow(1_000) + ahead - startedAt > patienceMs;
  return isLong ? texts.stillRequesting : texts.states.requesting;
}

/** What the person reads of it. */
function Words({ view, ahead }: Pick<ConnectCardProps, "view" | "ahead">) {
  switch (view.kind) {
    case "start":
      return texts.starts[view.state];
    case "reauth":
      return texts.reauth(view.login.name);
    case "done":
      return view.instead === null
        ? texts.connectedAs(view.login.account)
        : texts.connectedInstead(view.login.account, view.instead.name);
    case "flow":
      switch (view.state) {
        case "requesting":
          return <Requesting startedAt={view.flow.startedAt} ahead={ahead} />;
        case "failed":
          return (
            <>
              {view.flow.reason ?? texts.states.failed}{" "}
              {view.flow.reference === null ? null : texts.reference(view.flow.reference)}
            </>
          );
        default:
          return texts.states[view.state];
      }
  }
}

/** Which login a click connects again, and what stands on the button; null: nothing is begun from here. */
const beginning = (view: ConnectView): { readonly label: string; readonly loginId: LoginId | null } | null => {
  switch (view.kind) {
    case "start":
      return view.state === "full" ? null : { label: texts.begin[view.state], loginId: null };
    case "reauth":
      return { label: texts.again, loginId: view.login.id };
    case "done":
      return view.instead === null ? null : { label: texts.again, loginId: view.instead.id };
    case "flow":
      return isFlowOpen(view.flow)
        ? null
        : { label: view.state === "expired" ? texts.newCode : texts.tryAgain, loginId: view.flow.loginId };
  }
};

/** Connect ChatGPT in whatever state the server says it is. The card decides nothing itself: every tab shows the same. */
export function ConnectCard({ view, ahead, connecting, isOnline, onCancel, afterwards }: ConnectCardProps) {
  const { isAsking, isReady, connect, renew } = connecting;
  const flow = view.kind === "flow" ? view.flow : null;
  const isOpen = flow !== null && isFlowOpen(flow);
  const page = isOpen ? verificationPage(flow) : null;
  const begin = beginning(view);
  const isBesides = view.kind === "start" && view.state === "another";
  const { tone, icon } = cardLooks[view.kind === "flow" ? view.state : view.kind];
  const words = <Words view={view} ahead={ahead} />;
  const hasCode = isOpen && page !== null && flow.userCode !== null && flow.expiresAt !== null;
  return (
    <div className="grid gap-3">
      {hasCode ? (
        <DeviceCode
          code={flow.userCode}
          page={page}
          startedAt={flow.startedAt}
          expiresAt={flow.expiresAt}
          ahead={ahead}
        >
          <AskingButton
            tone="quiet"
            size="xs"
            isAsking={isAsking}
            disabled={!isOnline}
            onClick={() => void renew(flow)}
          >
            {texts.renew}
          </AskingButton>
        </DeviceCode>
      ) : null}
      {view.kind === "start" ? (
        <p className="text-ink-muted text-sm">{words}</p>
      ) : (
        <Notice role="status" tone={tone} icon={icon}>
          {words}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {hasCode ? <CopyCode code={flow.userCode} page={page} /> : null}
        {begin === null ? null : (
          <AskingButton
            tone={isBesides ? "plain" : "accent"}
            isAsking={isAsking}
            disabled={!(isReady && isOnline)}
            onClick={() => void connect(begin.loginId)}
          >
            {begin.label}
          </AskingButton>
        )}
        {flow === null ? null : (
          <Button tone="quiet" disabled={!isOnline} onClick={() => onCancel(flow)}>
            {isOpen ? texts.cancel : texts.dismiss}
          </Button>
        )}
        {view.kind === "done" ? afterwards : null}
      </div>
      {view.kind === "start" && view.state === "disconnected" ? (
        <a className="text-sm underline" href={revokeAtOpenAiUrl} target="_blank" rel="noopener noreferrer">
          {texts.revoke}
        </a>
      ) : null}
    </div>
  );
}
