import { Dialog } from "@threadbox/ui/dialog";
import { loadQuietly } from "@threadbox/ui/load-quietly";
import { Skeleton } from "@threadbox/ui/skeleton";
import { CircleHelp, Cpu } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { demoModelTexts } from "./texts.ts";
import { useModel } from "./use-model.ts";

const loadHelp = () => import("./demo-model-help.tsx");
const DemoModelHelp = lazyOrNothing(loadHelp);

/** Which model answers; the demo model says how to connect another. */
export function ModelLabel() {
  const model = useModel();
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => loadQuietly(loadHelp), []);
  if (model === null) return <Skeleton className="h-4 w-24" />;
  if (model.provider !== "demo")
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-compact text-ink-muted" title={model.id}>
        <Cpu aria-hidden="true" className="size-4 shrink-0" />
        <span className="truncate">{model.label}</span>
      </span>
    );
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
        className="-ms-1.5 flex h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 text-compact text-ink-muted transition-colors duration-100 hover:bg-hover hover:text-ink pointer-coarse:h-11"
      >
        <Cpu aria-hidden="true" className="size-4 shrink-0" />
        <span className="truncate">{model.label}</span>
        <CircleHelp aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
      </button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={demoModelTexts.title}
        description={demoModelTexts.description}
      >
        <Suspense>
          <DemoModelHelp />
        </Suspense>
      </Dialog>
    </>
  );
}
