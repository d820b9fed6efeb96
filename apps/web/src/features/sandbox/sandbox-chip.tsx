import { Dot } from "@threadbox/ui/badge";
import { Button, touchArea } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Dialog } from "@threadbox/ui/dialog";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { tooltip } from "@threadbox/ui/tooltip";
import { CircleAlert, LoaderCircle, RotateCw } from "lucide-react";
import { useState } from "react";
import { runningText } from "../../lib/duration.ts";
import { useNow } from "../../lib/use-now.ts";
import { errorText } from "../errors/index.ts";
import { clockStart, type SandboxReach, type SandboxState, sandboxView, unreachedView } from "./sandbox-view.ts";
import { providerNames, sandboxTexts } from "./texts.ts";
import { type SandboxContact, useReach, useRestart, useSandbox } from "./use-sandbox.ts";

function Elapsed({ since }: { readonly since: number }) {
  const text = runningText(useNow(1_000) - since);
  return text === "" ? null : <span className="text-ink-muted tabular">{text}</span>;
}

interface DetailsProps {
  readonly threadId: string;
  readonly sandbox: SandboxState | null;
  readonly reach: SandboxReach;
  /** Milliseconds since 1970. */
  readonly since: number | null;
}

function Details({ threadId, sandbox, reach, since }: DetailsProps) {
  const known = sandboxView(sandbox);
  const view = reach === "reached" ? known : unreachedView(reach);
  const { isRestarting, failure, restart } = useRestart(threadId);
  return (
    <div className="space-y-4">
      <div className="divide-y rounded-lg border">
        <div className="flex items-center gap-2 px-3 py-2.5">
          <Dot tone={view.tone} isActive={view.isActive} isHollow={reach !== "reached"} />
          <span className="font-medium">{view.label}</span>
          {since === null ? null : <Elapsed since={since} />}
        </div>
        <div className="space-y-1 px-3 py-2.5">
          {sandbox !== null && view.hasReason && sandbox.reason !== "" ? <p>{sandbox.reason}</p> : null}
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
          </dl>
        )}
      </div>
      {failure === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {errorText(failure.tag, failure).text}
        </Notice>
      )}
      {view.canRestart ? (
        <div className="flex items-center justify-between gap-4">
          <p className="text-compact text-ink-muted">{sandboxTexts.restartNote}</p>
          <Button onClick={restart} disabled={isRestarting}>
            {isRestarting ? <LoaderCircle className="animate-turn" /> : <RotateCw />}
            {sandboxTexts.restart}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

export interface SandboxChipProps {
  readonly threadId: string;
  readonly contact: SandboxContact;
}

/** How the thread's sandbox is; opens to the reason, the time and the restart. */
export function SandboxChip({ threadId, contact }: SandboxChipProps) {
  const sandbox = useSandbox(threadId);
  const reach = useReach(contact);
  const [isOpen, setIsOpen] = useState(false);
  if (sandbox === undefined && reach === "reached") return <Skeleton className="h-7 w-22" />;
  const view = reach === "reached" ? sandboxView(sandbox ?? null) : unreachedView(reach);
  const since = reach === "reached" ? clockStart(sandbox ?? null, contact.turnStartedAt) : null;
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        className={classNames(
          "relative flex h-7 shrink-0 items-center gap-2 rounded-md border bg-raised px-2 text-compact transition-colors duration-100 hover:border-line-strong pointer-coarse:h-8",
          touchArea,
        )}
        onClick={() => setIsOpen(true)}
        {...tooltip({ label: (view.hasReason && sandbox?.reason) || view.meaning, side: "bottom" })}
      >
        <Dot tone={view.tone} isActive={view.isActive} isHollow={reach !== "reached"} />
        <span className={view.tone === "neutral" ? "text-ink-muted" : undefined}>
          <span className="sr-only">{sandboxTexts.prefix}</span>
          {view.label}
        </span>{" "}
        {since === null ? null : (
          <span className="max-sm:hidden">
            <Elapsed since={since} />
          </span>
        )}
      </button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={sandboxTexts.title}
        description={sandboxTexts.description}
      >
        <Details threadId={threadId} sandbox={sandbox ?? null} reach={reach} since={since} />
      </Dialog>
    </>
  );
}
