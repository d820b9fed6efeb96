import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { LoaderCircle, RotateCw, ServerCrash } from "lucide-react";
import { useOnline } from "../../lib/use-online.ts";
import { errorText } from "../errors/index.ts";
import { sandboxTexts } from "./details-texts.ts";
import { useRestart } from "./use-restart.ts";
import { useSandbox } from "./use-sandbox.ts";

/** Says that the thread's sandbox failed and why, with the one thing that helps; nothing while it did not. */
export function SandboxNotice({ threadId }: { readonly threadId: string }) {
  const sandbox = useSandbox(threadId);
  const isOnline = useOnline();
  const { isRestarting, failure, restart } = useRestart(threadId);
  if (sandbox?.status !== "failed") return null;
  return (
    <Notice
      tone="bad"
      role="alert"
      icon={<ServerCrash />}
      className="mb-3"
      actions={
        <Button size="sm" onClick={restart} disabled={isRestarting || !isOnline}>
          {isRestarting ? <LoaderCircle className="animate-turn" /> : <RotateCw />}
          {sandboxTexts.restart}
        </Button>
      }
    >
      <p>
        {sandbox.reason || sandboxTexts.failed} {sandboxTexts.messagesSafe}
      </p>
      {failure === null ? null : <p className="mt-1 text-ink-muted">{errorText(failure.tag, failure).text}</p>}
    </Notice>
  );
}
