import type { ProgramPolicy } from "@threadbox/contracts/program-approval";
import { Button } from "@threadbox/ui/button";
import { useEffect, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { approvalTexts as texts } from "./texts.ts";

interface UnaskedProgramsProps {
  readonly threadId: string;
  /** Looked at anew each time it is shown. */
  readonly isShown: boolean;
}

/** Says that nobody is asked, and takes that back; nothing where people are. */
export function UnaskedPrograms({ threadId, isShown }: UnaskedProgramsProps) {
  const client = useApprovalsClient(threadId);
  const isOnline = useOnline();
  const [policy, setPolicy] = useState<ProgramPolicy | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    if (!isShown || !isOnline) return;
    let isWanted = true;
    client.policy().then(
      (known) => isWanted && setPolicy(known),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [client, isShown, isOnline]);
  if (policy?.writes !== "always") return null;
  const takeBack = async () => {
    setIsAsking(true);
    setHasFailed(false);
    try {
      setPolicy(await client.setPolicy({ writes: "ask" }));
    } catch {
      setHasFailed(true);
    }
    setIsAsking(false);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 text-compact">
      <p className="min-w-0 flex-1 basis-48">{texts.unasked}</p>
      {hasFailed ? (
        <p role="alert" className="text-bad">
          {texts.askAgainFailed}
        </p>
      ) : null}
      <Button size="sm" disabled={isAsking || !isOnline} onClick={() => void takeBack()}>
        {texts.askAgain}
      </Button>
    </div>
  );
}
