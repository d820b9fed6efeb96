import { Dialog } from "@threadbox/ui/dialog";
import { Skeleton } from "@threadbox/ui/skeleton";
import { CircleHelp, Cpu } from "lucide-react";
import { useState } from "react";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { demoModelTexts } from "./texts.ts";
import { useModel } from "./use-model.ts";

const settings = `MODEL_BASE_URL=https://api.example.com/v1
MODEL_API_KEY=…
MODEL_NAME=…`;

const code = (text: string) => (
  <code key={text} className="rounded-sm bg-hover px-1 py-0.5 text-xs">
    {text}
  </code>
);

/** Which model answers; the demo model says how to connect another. */
export function ModelLabel() {
  const model = useModel();
  const [isOpen, setIsOpen] = useState(false);
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
        <div className="space-y-3 text-sm leading-6">
          <p>{demoModelTexts.does.split("`").map((text, index) => (index % 2 === 0 ? text : code(text)))}</p>
          <p>{demoModelTexts.connect}</p>
          <ScrollPre className="rounded-lg border bg-sunken px-3 py-2.5 text-xs leading-5">{settings}</ScrollPre>
          <p className="text-ink-muted">{demoModelTexts.key}</p>
        </div>
      </Dialog>
    </>
  );
}
