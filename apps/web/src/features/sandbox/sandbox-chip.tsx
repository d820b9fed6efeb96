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
import { type SandboxState, sandboxView } from "./sandbox-view.ts";
import { useRestart, useSandbox } from "./use-sandbox.ts";

const providerNames: Readonly<Record<SandboxState["provider"], string>> = {
  local: "This machine, jailed",
  docker: "Docker on this machine",
  cloudflare: "Cloudflare",
};

function Elapsed({ since }: { readonly since: number }) {
  const text = runningText(useNow(1_000) - since);
  return text === "" ? null : <span className="text-ink-muted tabular">{text}</span>;
}

interface DetailsProps {
  readonly threadId: string;
  readonly sandbox: SandboxState | null;
}

function Details({ threadId, sandbox }: DetailsProps) {
  const view = sandboxView(sandbox);
  const { isRestarting, failure, restart } = useRestart(threadId);
  return (
    <div className="space-y-4">
      <div className="divide-y rounded-lg border">
        <div className="flex items-center gap-2 px-3 py-2.5">
          <Dot tone={view.tone} isActive={view.isActive} />
          <span className="font-medium">{view.label}</span>
          {sandbox !== null && view.isTimed ? <Elapsed since={sandbox.since} /> : null}
        </div>
        <div className="space-y-1 px-3 py-2.5">
          {sandbox === null || sandbox.reason === "" ? null : <p>{sandbox.reason}</p>}
          <p className="text-ink-muted">{view.meaning}</p>
        </div>
        {sandbox === null ? null : (
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 px-3 py-2.5 text-compact">
            <dt className="text-ink-muted">Runs on</dt>
            <dd>{providerNames[sandbox.provider]}</dd>
            <dt className="text-ink-muted">Starts so far</dt>
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
          <p className="text-compact text-ink-muted">Restarting stops what runs in it. Files stay.</p>
          <Button onClick={restart} disabled={isRestarting}>
            {isRestarting ? <LoaderCircle className="animate-turn" /> : <RotateCw />}
            Restart
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** How the thread's sandbox is; opens to the reason, the time and the restart. */
export function SandboxChip({ threadId }: { readonly threadId: string }) {
  const sandbox = useSandbox(threadId);
  const [isOpen, setIsOpen] = useState(false);
  if (sandbox === undefined) return <Skeleton className="h-7 w-22" />;
  const view = sandboxView(sandbox);
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
        {...tooltip({ label: sandbox?.reason || view.meaning, side: "bottom" })}
      >
        <Dot tone={view.tone} isActive={view.isActive} />
        <span className={view.tone === "neutral" ? "text-ink-muted" : undefined}>
          <span className="sr-only">Sandbox: </span>
          {view.label}
        </span>{" "}
        {sandbox !== null && view.isTimed ? <Elapsed since={sandbox.since} /> : null}
      </button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title="Sandbox" description="The computer of this thread.">
        <Details threadId={threadId} sandbox={sandbox} />
      </Dialog>
    </>
  );
}
