import type { OpenedView } from "@threadbox/contracts/views";
import { useEffect, useRef, useState } from "react";
import { panelTexts } from "./panel-texts.ts";
import { isRenewalDue, renewalOf } from "./renewal.ts";

export interface ViewRenewalProps {
  readonly shown: OpenedView;
  readonly openView: () => Promise<OpenedView>;
  /** Shows another view in the place of this one. */
  readonly replace: (view: OpenedView) => void;
}

/** A device that slept has missed its time, so the time is looked at rather than waited for. */
const lookMs = 30_000;

/** Renews the view that is shown for as long as it is; its page stays as it is. */
export function ViewRenewal({ shown, openView, replace }: ViewRenewalProps) {
  const [address, setAddress] = useState<string | null>(null);
  const renewedAt = useRef(0);
  useEffect(() => {
    renewedAt.current = Date.now();
    let isAsking = false;
    const look = async () => {
      if (isAsking || !isRenewalDue(renewedAt.current, Date.now())) return;
      isAsking = true;
      try {
        const opened = await openView();
        const renewal = renewalOf(shown, opened);
        renewedAt.current = Date.now();
        if (renewal === null) replace(opened);
        else setAddress(renewal);
      } catch {
        // The next look tries again.
      } finally {
        isAsking = false;
      }
    };
    const timer = setInterval(() => void look(), lookMs);
    return () => clearInterval(timer);
  }, [shown, openView, replace]);
  // The answer is empty: the frame is where its cookie comes through.
  return address === null ? null : (
    <iframe
      key={address}
      src={address}
      title={panelTexts.renewal}
      hidden
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
    />
  );
}
