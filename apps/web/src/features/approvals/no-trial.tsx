import { Button } from "@threadbox/ui/button";
import { showToast } from "@threadbox/ui/toast";
import { useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { useApprovalsClient } from "./approvals-client.ts";
import { approvalTexts as texts } from "./texts.ts";

/** Says that this computer has no copy to try a command on, and offers the way on. */
export function NoTrial({ threadId }: { readonly threadId: string }) {
  const client = useApprovalsClient(threadId);
  const isOnline = useOnline();
  const [state, setState] = useState<"open" | "asking" | "done" | "failed">("open");
  const letThem = async () => {
    setState("asking");
    try {
      await client.setPolicy({ writes: "always" });
      setState("done");
      showToast({ title: texts.letThemDone, durationMs: 5_000 });
    } catch {
      setState("failed");
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 py-2.5 text-compact">
      <p className="min-w-0 flex-1 basis-48">{texts.noTrial}</p>
      {state === "failed" ? (
        <p role="alert" className="text-bad">
          {texts.letThemFailed}
        </p>
      ) : null}
      {state === "done" ? null : (
        <Button size="sm" disabled={state === "asking" || !isOnline} onClick={() => void letThem()}>
          {texts.letThem}
        </Button>
      )}
    </div>
  );
}
