import { Dot } from "@threadbox/ui/badge";
import { touchArea } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { Dialog } from "@threadbox/ui/dialog";
import { loadQuietly } from "@threadbox/ui/load-quietly";
import { Skeleton } from "@threadbox/ui/skeleton";
import { tooltip } from "@threadbox/ui/tooltip";
import { Suspense, useEffect, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { Elapsed } from "./elapsed.tsx";
import { clockStart, sandboxView, unreachedView } from "./sandbox-view.ts";
import { chipTexts } from "./texts.ts";
import { type SandboxContact, useReach, useSandbox } from "./use-sandbox.ts";

const loadDetails = () => import("./sandbox-details.tsx");
const Details = lazyOrNothing(loadDetails);

export interface SandboxChipProps {
  readonly threadId: string;
  readonly contact: SandboxContact;
}

/** How the thread's sandbox is; opens to the reason, the time and the restart. */
export function SandboxChip({ threadId, contact }: SandboxChipProps) {
  const sandbox = useSandbox(threadId);
  const reach = useReach(contact);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => loadQuietly(loadDetails), []);
  if (sandbox === undefined && reach === "reached") return <Skeleton className="h-7 w-22" />;
  const known = sandboxView(sandbox ?? null);
  const view = reach === "reached" ? known : unreachedView(reach);
  const clock = (when: number | null) => (when === null ? null : <Elapsed since={when} />);
  const since = reach === "reached" ? clockStart(sandbox ?? null, contact.turnStartedAt) : null;
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={chipTexts.prefix + view.label}
        className={classNames(
          "relative flex h-7 shrink-0 items-center gap-2 rounded-md border bg-raised px-2 text-compact transition-colors duration-100 hover:border-line-strong pointer-coarse:h-8",
          touchArea,
        )}
        onClick={() => setIsOpen(true)}
        {...tooltip({ label: (view.hasReason && sandbox?.reason) || view.meaning, side: "bottom" })}
      >
        <Dot tone={view.tone} isActive={view.isActive} isHollow={reach !== "reached"} />
        <span className={classNames("max-sm:hidden", view.tone === "neutral" && "text-ink-muted")}>{view.label}</span>{" "}
        <span className="max-sm:hidden">{clock(since)}</span>
      </button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title={chipTexts.title} description={chipTexts.description}>
        <Suspense>
          <Details {...{ threadId, reach, known, view }} sandbox={sandbox ?? null} clock={clock(since)} />
        </Suspense>
      </Dialog>
    </>
  );
}
