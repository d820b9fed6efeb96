import { Dot } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, LoaderCircle, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { errorText } from "../errors/index.ts";
import { providerNames, sandboxTexts } from "./details-texts.ts";
import { ProjectSettings } from "./project-settings.tsx";
import { besideLabel, type SandboxReach, type SandboxState, type SandboxView } from "./sandbox-view.ts";
import { SaveLine } from "./save-line.tsx";
import { StartEmpty } from "./start-empty.tsx";
import { useRestart } from "./use-restart.ts";

interface DetailsProps {
  readonly threadId: string;
  readonly sandbox: SandboxState | null;
  readonly reach: SandboxReach;
  /** How the sandbox stood when it was last seen, and how the page speaks of it now. */
  readonly known: SandboxView;
  readonly view: SandboxView;
  readonly clock: ReactNode;
}

/** How the sandbox stands, where it runs, and its restart. */
export default function SandboxDetails({ threadId, sandbox, reach, known, view, clock }: DetailsProps) {
  const { isRestarting, failure, restart } = useRestart(threadId);
  const [isAsking, setIsAsking] = useState(false);
  const isBusy = reach === "reached" && sandbox?.status === "busy";
  return (
    <div className="space-y-4">
      <div className="divide-y rounded-lg border">
        <div className="flex items-center gap-2 px-3 py-2.5">
          <Dot tone={view.tone} isActive={view.isActive} isHollow={reach !== "reached"} />
          <span className="font-medium">{view.label}</span>
          {clock}
        </div>
        <div className="space-y-1 px-3 py-2.5">
          {sandbox !== null && view.hasReason && sandbox.reason !== "" ? (
            <p>{besideLabel(view.label, sandbox.reason)}</p>
          ) : null}
          <p className="text-ink-muted">{view.meaning}</p>
        </div>
        {sandbox === null ? null : (
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 px-3 py-2.5 text-compact">
            {reach === "reached" ? null : (
              <>
                <dt className="text-ink-muted">{sandboxTexts.lastKnown}</dt>
                <dd>{known.label}</dd>
              </>
            )}
            <dt className="text-ink-muted">{sandboxTexts.runsOn}</dt>
            <dd>{providerNames[sandbox.provider]}</dd>
            <dt className="text-ink-muted">{sandboxTexts.starts}</dt>
            <dd className="tabular">{sandbox.generation}</dd>
            {sandbox.saves === undefined ? null : <SaveLine saves={sandbox.saves} />}
          </dl>
        )}
      </div>
      {sandbox?.canStartEmpty === true && reach === "reached" ? <StartEmpty threadId={threadId} /> : null}
      {sandbox === null || reach !== "reached" ? null : <ProjectSettings threadId={threadId} />}
      {failure === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {errorText(failure.tag, failure).text}
        </Notice>
      )}
      {view.canRestart && isAsking && isBusy ? (
        <div className="flex flex-wrap items-center gap-2">
          <p role="status" className="me-auto text-compact">
            {sandboxTexts.restartQuestion}
          </p>
          <Button autoFocus onClick={() => setIsAsking(false)}>
            {sandboxTexts.cancel}
          </Button>
          <Button
            tone="bad"
            onClick={() => {
              setIsAsking(false);
              restart();
            }}
          >
            {sandboxTexts.restartAnyway}
          </Button>
        </div>
      ) : view.canRestart ? (
        <div className="flex items-center justify-between gap-4">
          <p className="text-compact text-ink-muted">{sandboxTexts.restartNote}</p>
          <Button onClick={isBusy ? () => setIsAsking(true) : restart} disabled={isRestarting}>
            {isRestarting ? <LoaderCircle className="animate-turn" /> : <RotateCw />}
            {sandboxTexts.restart}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
