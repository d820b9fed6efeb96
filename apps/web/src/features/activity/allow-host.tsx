import { ruleCovers } from "@threadbox/contracts/host-rules";
import { Button } from "@threadbox/ui/button";
import { Check } from "lucide-react";
import { useState } from "react";
import { networkTexts as texts, type UseThreadNetwork } from "../network/index.ts";

interface AllowHostProps {
  readonly host: string;
  readonly network: UseThreadNetwork;
}

/** The way to let a host through that was refused; where it is on the thread's list by now, it says so. */
export function AllowHost({ host, network: { state, change } }: AllowHostProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (state.kind !== "known") return null;
  const { hosts, common } = state.network;
  if (!common.canOwnersAdd) return null;
  if (hosts.some((rule) => ruleCovers(rule, host)))
    return (
      <p className="activity-allow text-good">
        <Check aria-hidden="true" className="size-4" />
        {texts.allowed}
      </p>
    );
  const allow = async () => {
    setIsAsking(true);
    setFailure(await change({ allow: host }));
    setIsAsking(false);
  };
  return (
    <p className="activity-allow">
      <Button size="sm" disabled={isAsking} aria-label={texts.allowHost(host)} onClick={() => void allow()}>
        {texts.allowHere}
      </Button>
      {failure === null ? null : (
        <span role="alert" className="text-bad">
          {failure}
        </span>
      )}
    </p>
  );
}
