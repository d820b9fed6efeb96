import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, LoaderCircle } from "lucide-react";
import { errorText } from "../errors/index.ts";
import { saveTexts } from "./save-texts.ts";
import { useRestart } from "./use-restart.ts";

/** The way on where a sandbox can't start because its saved files can't be brought back. */
export function StartEmpty({ threadId }: { readonly threadId: string }) {
  const { isRestarting, failure, restart } = useRestart(threadId, "?files=forgo");
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-48 flex-1 text-compact text-ink-muted">{saveTexts.startEmptyNote}</p>
        <Button onClick={restart} disabled={isRestarting}>
          {isRestarting ? <LoaderCircle className="animate-turn" /> : null}
          {saveTexts.startEmpty}
        </Button>
      </div>
      {failure === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {errorText(failure.tag, failure).text}
        </Notice>
      )}
    </div>
  );
}
