import { type LoginId, type LoginView, loginLimits } from "@threadbox/contracts/logins";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { OwnName } from "../threads/index.ts";
import { LastUse } from "./last-use.tsx";
import type { LoginsApi } from "./logins-api.ts";
import { loginTexts as texts } from "./texts.ts";
import { UsageBars } from "./usage-bars.tsx";
import type { Connecting } from "./use-connecting.ts";
import type { UseLogins } from "./use-logins.ts";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

interface LoginRowProps extends Pick<UseLogins, "act" | "isOnline"> {
  readonly login: LoginView;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
  /** Whether there are others to choose from. */
  readonly isOneOfMany: boolean;
  readonly connecting: Connecting;
  readonly onDisconnect: (loginId: LoginId) => void;
  /** The authorization that connects this one again; null: there is none. */
  readonly card: ReactNode;
}

/** One account: whose plan it is, how much of it is used, and what a person can do with it. */
export function LoginRow({ login, ahead, isOneOfMany, connecting, onDisconnect, card, act, isOnline }: LoginRowProps) {
  const [isNaming, setIsNaming] = useState(false);
  const [test, setTest] = useState<"none" | "asking" | "passed">("none");
  const { id, name, account, plan, state, connectedAt, lastUsedAt, isDefault, usage } = login;
  const whose = state === "connected" ? texts.connectedAs(account) : account;
  const hasOwnName = name !== account;
  const ask = async () => {
    setTest("asking");
    setTest((await act((api: LoginsApi) => api.test(id))) ? "passed" : "none");
  };
  return (
    <li className="px-4 py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-52">
          <OwnName
            name={name}
            label={texts.name}
            lengthMax={loginLimits.nameLengthMax}
            verb={texts.rename(name)}
            isDisabled={!isOnline}
            isNaming={isNaming}
            onNaming={setIsNaming}
            onRename={(chosen) => void act((api) => api.change(id, { name: chosen }))}
          >
            <span className="min-w-0 break-words font-medium">{hasOwnName ? name : whose}</span>
            {isDefault && isOneOfMany ? <Badge tone="accent">{texts.byDefault}</Badge> : null}
          </OwnName>
          <p className="break-words text-compact text-ink-muted">
            {hasOwnName || isNaming ? `${whose} · ` : null}
            {plan === null ? null : `${capital(plan)} · `}
            {texts.since(day.format(connectedAt))} · <LastUse at={lastUsedAt} ahead={ahead} />
          </p>
          {state === "connected" ? <UsageBars usage={usage} ahead={ahead} /> : null}
          <p role="status" className="text-compact text-ink-muted empty:hidden">
            {state === "connected" && test === "passed" ? texts.accepted : null}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {isOneOfMany && !isDefault ? (
            <Button
              tone="quiet"
              disabled={!isOnline}
              onClick={() => void act((api) => api.change(id, { isDefault: true }))}
            >
              {texts.useByDefault}
            </Button>
          ) : null}
          {state === "connected" ? (
            <AskingButton tone="quiet" isAsking={test === "asking"} disabled={!isOnline} onClick={() => void ask()}>
              {texts.test}
            </AskingButton>
          ) : null}
          <Button disabled={!isOnline} onClick={() => onDisconnect(id)}>
            {texts.disconnect}
          </Button>
        </div>
      </div>
      {card === null ? null : <div className="mt-3">{card}</div>}
      {card === null && state === "reauth" ? (
        <Notice
          role="status"
          tone="warn"
          icon={<CircleAlert />}
          className="mt-3"
          actions={
            <AskingButton
              size="sm"
              tone="accent"
              isAsking={connecting.isAsking}
              disabled={!(connecting.isReady && isOnline)}
              onClick={() => void connecting.connect(id)}
            >
              {texts.again}
            </AskingButton>
          }
        >
          {login.reason ?? texts.reauth(name)}
        </Notice>
      ) : null}
    </li>
  );
}
