import type { ChangeThreadNetwork, ThreadNetwork, ThreadReach } from "@threadbox/contracts/egress-policy";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { useState } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { CommonHosts } from "./common-hosts.tsx";
import "./network.css";
import { OwnHosts } from "./own-hosts.tsx";
import { networkTexts as texts } from "./texts.ts";
import type { UseThreadNetwork } from "./use-thread-network.ts";

const reaches = Object.keys(texts.reaches) as ThreadReach[];

interface SettingsProps extends Pick<UseThreadNetwork, "change"> {
  readonly network: ThreadNetwork;
}

function Settings({ network, change }: SettingsProps) {
  const isOnline = useOnline();
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const isBusy = isAsking || !isOnline;
  const make = async (wish: ChangeThreadNetwork) => {
    setIsAsking(true);
    setFailure(null);
    const said = await change(wish);
    setFailure(said);
    setIsAsking(false);
    return said === null;
  };
  return (
    <>
      <fieldset className="network-part">
        <legend className="mb-1">{texts.reach}</legend>
        {reaches.map((reach) => (
          <label key={reach} className="flex min-h-7 items-center gap-2 pointer-coarse:min-h-11">
            <input
              type="radio"
              name="reach"
              className="size-4 shrink-0 accent-accent"
              checked={network.reach === reach}
              disabled={isBusy}
              onChange={() => void make({ reach })}
            />
            {texts.reaches[reach]}
          </label>
        ))}
        {network.reach === "common" ? <CommonHosts {...network} /> : null}
      </fieldset>
      <OwnHosts network={network} isBusy={isBusy} onChange={make} />
      <p className="text-compact text-ink-muted">{texts.modelNote}</p>
      {network.isInForce ? null : <Notice role="status">{texts.late}</Notice>}
      {failure === null ? null : <FailedNotice>{failure}</FailedNotice>}
      {isOnline ? null : <OfflineNotice>{texts.offline}</OfflineNotice>}
    </>
  );
}

export interface NetworkDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly network: UseThreadNetwork;
}

/** Which hosts a thread's programs may reach, and the way to change it. */
export function NetworkDialog({ isOpen, onClose, network: { state, look, change } }: NetworkDialogProps) {
  const isOnline = useOnline();
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => (isWanted ? undefined : onClose())}
      title={texts.title}
      description={texts.lead}
      actions={<Button onClick={onClose}>{texts.done}</Button>}
    >
      {state.kind === "known" ? (
        <Settings network={state.network} change={change} />
      ) : state.kind === "failed" ? (
        <FailedNotice again={{ label: texts.retry, run: look }}>{texts.failed}</FailedNotice>
      ) : isOnline ? (
        <div role="status" aria-label={texts.loading} className="space-y-3">
          <Skeleton className="h-8 w-full" radius="lg" />
          <Skeleton className="h-8 w-full" radius="lg" />
        </div>
      ) : (
        <OfflineNotice>{texts.offline}</OfflineNotice>
      )}
    </Dialog>
  );
}
