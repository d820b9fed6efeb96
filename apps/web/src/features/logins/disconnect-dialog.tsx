import type { LoginView } from "@threadbox/contracts/logins";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { useRef, useState } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { failureText } from "./failure-text.ts";
import { loginTexts as texts } from "./texts.ts";
import type { UseLogins } from "./use-logins.ts";

interface DisconnectDialogProps extends Pick<UseLogins, "act" | "refusal"> {
  readonly login: LoginView;
  readonly isOpen: boolean;
  /** Closed, and whether the login is gone. */
  readonly onClose: (isGone: boolean) => void;
}

/** Asks before an account is disconnected, and stays open until it is. */
export function DisconnectDialog({ login, isOpen, onClose, act, refusal }: DisconnectDialogProps) {
  const first = useRef<HTMLButtonElement>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [hasAsked, setHasAsked] = useState(false);
  const disconnect = async () => {
    setIsAsking(true);
    setHasAsked(true);
    const isGone = await act((api) => api.disconnect(login.id));
    setIsAsking(false);
    if (isGone) onClose(true);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => {
        if (!isWanted) onClose(false);
      }}
      initialFocus={first}
      title={texts.disconnectTitle(login.name)}
      description={texts.disconnectText}
      actions={
        <>
          <Button ref={first} onClick={() => onClose(false)}>
            {texts.cancel}
          </Button>
          <AskingButton tone="bad" isAsking={isAsking} onClick={() => void disconnect()}>
            {texts.disconnect}
          </AskingButton>
        </>
      }
    >
      {hasAsked && refusal !== null ? (
        <p role="alert" className="text-bad text-compact">
          {failureText(refusal)}
        </p>
      ) : null}
    </Dialog>
  );
}
