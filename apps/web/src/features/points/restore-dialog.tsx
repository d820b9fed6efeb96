import type { RestoreFiles } from "@threadbox/contracts/points";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { LoaderCircle } from "lucide-react";
import { useState } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { useNow } from "../../lib/use-now.ts";
import { useOnline } from "../../lib/use-online.ts";
import { startSentence, useSandbox } from "../sandbox/index.ts";
import { visibleText } from "../text/index.ts";
import { ChangedPaths } from "./changed-paths.tsx";
import "./points.css";
import { usePointsClient } from "./points-client.ts";
import { restoreTexts as texts } from "./texts.ts";
import { type Comparison, type RestoreSubject, useComparison } from "./use-comparison.ts";
import { useRestore } from "./use-restore.ts";
import { whenText } from "./when.ts";

export interface RestoreDialogProps {
  readonly threadId: string;
  readonly subject: RestoreSubject;
  /** How it is described to people. */
  readonly description: string;
  /** The message after which the conversation would go on; null: none; undefined: it can't go back. */
  readonly goesOnAfter: string | null | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const commandsMax = 3;
const namesOf = (commands: readonly string[]): string =>
  commands
    .slice(0, commandsMax)
    .map((command) => visibleText(command.slice(0, 60)))
    .join(", ") + (commands.length > commandsMax ? "…" : "");

interface KnownProps extends Pick<RestoreDialogProps, "goesOnAfter"> {
  readonly state: Extract<Comparison, { kind: "known" }>;
  readonly isBoth: boolean;
  readonly onBoth: (isBoth: boolean) => void;
}

function Known({ state: { changes, running }, goesOnAfter, isBoth, onBoth }: KnownProps) {
  return (
    <div className="space-y-4 text-sm">
      <ChangedPaths changes={changes} />
      {goesOnAfter === undefined ? null : (
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-accent"
            checked={isBoth}
            onChange={({ currentTarget }) => onBoth(currentTarget.checked)}
          />
          <span>
            {texts.conversation}
            <span className="block text-compact text-ink-muted">{texts.conversationNote}</span>
          </span>
        </label>
      )}
      <p className="text-compact text-ink-muted">
        {texts.saved} {running.length === 0 ? texts.ends : texts.endsNow(namesOf(running))}
      </p>
    </div>
  );
}

/** Shows what a restore would do, and does it. */
export default function RestoreDialog(props: RestoreDialogProps) {
  const { threadId, subject, description, goesOnAfter, isOpen, onClose } = props;
  const client = usePointsClient(threadId);
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId);
  const { state, again } = useComparison(client, subject, isOpen && isOnline);
  const { isRestoring, failure, restore } = useRestore(client);
  const [isBoth, setIsBoth] = useState(true);
  const now = useNow(60_000);
  const isBusy = sandbox?.status === "busy";
  const begin = async () => {
    if (state.kind !== "known") return;
    const when = state.at === undefined ? null : whenText(state.at, Date.now());
    const back = isBoth && goesOnAfter !== undefined ? { goesOnAfter: goesOnAfter as RestoreFiles["goesOnAfter"] } : {};
    if (await restore({ pointId: state.pointId, ...back } as RestoreFiles, when)) onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => (isWanted ? undefined : onClose())}
      title={texts.title}
      description={
        <>
          {description}
          {state.kind === "known" && state.at !== undefined && subject.kind === "before" ? (
            <> {texts.savedAt(whenText(state.at, now))}.</>
          ) : null}
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>{isRestoring ? texts.close : texts.cancel}</Button>
          <Button
            tone="accent"
            disabled={state.kind !== "known" || isRestoring || isBusy || !isOnline}
            onClick={() => void begin()}
          >
            {isRestoring ? <LoaderCircle className="animate-turn" /> : null}
            {isRestoring ? texts.restoring : texts.restore}
          </Button>
        </>
      }
    >
      {isOnline ? null : <OfflineNotice>{texts.offline}</OfflineNotice>}
      {isRestoring ? (
        <div role="status" className="space-y-1 text-sm">
          <p>{sandbox?.status === "starting" ? startSentence(sandbox) : texts.restoring}</p>
          <p className="text-ink-muted">{texts.goesOn}</p>
        </div>
      ) : state.kind === "known" ? (
        <Known state={state} goesOnAfter={goesOnAfter} isBoth={isBoth} onBoth={setIsBoth} />
      ) : state.kind === "comparing" ? (
        isOnline ? (
          <div role="status" aria-label={texts.comparing} className="space-y-3">
            <Skeleton className="h-4 w-56" />
            <Skeleton className="h-16 w-full" radius="lg" />
          </div>
        ) : null
      ) : state.kind === "failed" ? (
        <FailedNotice again={{ label: texts.retry, run: again }}>{texts.compareFailed}</FailedNotice>
      ) : (
        <p role="status" className="text-sm">
          {texts.notKept}
        </p>
      )}
      {isBusy && !isRestoring ? (
        <Notice tone="warn" role="status">
          {texts.busy}
        </Notice>
      ) : null}
      {failure === null ? null : <FailedNotice>{failure}</FailedNotice>}
    </Dialog>
  );
}
